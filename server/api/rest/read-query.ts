import { z } from 'zod'
import type { Schema } from './route.ts'

/**
 * The query string as the schema's own types: numbers for numbers, every repetition of a name for lists.
 * A name that the schema does not know stays in, so that a strict schema refuses it.
 */
export function readQuery(schema: Schema, search: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...new Set(search.keys())].map((name) => [name, readValue(schema.shape[name], search.getAll(name))]),
  )
}

function readValue(field: unknown, values: string[]): unknown {
  const type = unwrap(field)
  if (type instanceof z.ZodArray) return values
  const value = values.length > 1 ? values : values[0]
  return type instanceof z.ZodNumber && typeof value === 'string' && value.trim() !== ''
    ? Number(value)
    : value
}

function unwrap(field: unknown): unknown {
  return field instanceof z.ZodOptional || field instanceof z.ZodDefault ? unwrap(field.unwrap()) : field
}
