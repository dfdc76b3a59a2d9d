import { z } from 'zod'

type Schema = {
  type?: string
  format?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  minimum?: number
  minLength?: number
}

const formats: Record<string, string> = {
  uuid: '00000000-0000-4000-8000-000000000001',
  email: 'somebody@example.com',
  'date-time': '2026-03-02T09:00:00.000Z',
  uri: 'https://example.com/',
}

/** An input of the right shape for a procedure, as far as a JSON Schema tells it: something to try a gate with. */
export const sampleOf = (schema: z.ZodType): unknown =>
  build(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema)

function build(schema: Schema): unknown {
  if ('const' in schema) return schema.const
  if (schema.enum) return schema.enum[0]
  const [first] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? []
  if (first) return build(first)
  if (schema.type === 'object') {
    const properties = Object.entries(schema.properties ?? {})
    return Object.fromEntries(properties.map(([name, each]) => [name, build(each)]))
  }
  if (schema.type === 'array') return schema.items ? [build(schema.items)] : []
  if (schema.type === 'string')
    return formats[schema.format ?? ''] ?? 'sample'.padEnd(schema.minLength ?? 0, 'x')
  if (schema.type === 'boolean') return true
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(1, schema.minimum ?? 1)
  return null
}
