import { Prisma } from '../../kernel/db.ts'
import { domainInput, type Serving, servingInput } from '../contract.ts'

/** A column of JSON takes the database's own null by another name. */
export function poolData<T extends { serving?: Serving | null }>(data: T) {
  const { serving, ...rest } = data
  return { ...rest, ...(serving === undefined ? {} : { serving: serving ?? Prisma.DbNull }) }
}

/** Region of users → milliseconds, as stored. */
export function userLatencyOf(stored: unknown): Record<string, number> {
  return domainInput.shape.userLatencyMs.parse(stored)
}

/** How a pool serves, as stored; null where nothing was declared. */
export function servingOf(stored: unknown): Serving | null {
  return servingInput.nullable().parse(stored)
}
