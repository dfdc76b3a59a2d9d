import { UnavailableError } from '../kernel/errors.ts'

/** Stands for a verb that is not there yet. */
export async function pending<T>(_call: unknown): Promise<T> {
  throw new UnavailableError('not there yet')
}
