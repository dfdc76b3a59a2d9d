import type { z } from 'zod'
import { InvalidInputError } from './errors.ts'

/**
 * Checks what came in against its schema, and that all text in it can be kept.
 * @throws InvalidInputError that lists every field that is wrong, and what would be right
 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(input)
  if (parsed.success) {
    requireProperText(parsed.data, what, [])
    return parsed.data
  }
  const details = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  const first = details[0]
  const where = first?.path ? `"${first.path}": ` : ''
  throw new InvalidInputError(
    `The ${what} is not valid: ${where}${first?.message ?? 'unknown fault'}.`,
    details,
  )
}

/** PostgreSQL keeps no U+0000 and no year 0, and the log's canonical form no half of a surrogate pair. */
function requireProperText(value: unknown, what: string, path: (string | number)[]): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) requireProperText(item, what, [...path, index])
  } else if (value instanceof Object) {
    for (const [key, item] of Object.entries(value)) {
      requireProperText(key, what, path)
      requireProperText(item, what, [...path, key])
    }
  } else if (typeof value === 'string' && !(value.isWellFormed() && !value.includes('\0'))) {
    const where = path.join('.')
    const message = 'holds U+0000 or half a surrogate pair'
    throw new InvalidInputError(`The ${what} is not valid: "${where}": ${message}.`, [
      { path: where, message, expected: 'Unicode text' },
    ])
  } else if (typeof value === 'string' && /^0000-\d\d-\d\dT[\d:.]+Z$/.test(value)) {
    const where = path.join('.')
    const message = 'is in the year 0'
    throw new InvalidInputError(`The ${what} is not valid: "${where}": ${message}.`, [
      { path: where, message, expected: 'the year 1 or later' },
    ])
  }
}
