import type { z } from 'zod'
import { InvalidInputError } from './errors.ts'

/**
 * Checks what came in against its schema.
 * @throws InvalidInputError that lists every field that is wrong, and what would be right
 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const details = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  const first = details[0]
  const where = first?.path ? `"${first.path}": ` : ''
  throw new InvalidInputError(
    `The ${what} is not valid: ${where}${first?.message ?? 'unknown fault'}.`,
    details,
  )
}
