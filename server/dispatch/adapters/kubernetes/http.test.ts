import { expect, test } from 'vitest'
import { requireShallow } from './http.ts'

const nested = (levels: number) => Buffer.from(`{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`)

test('an answer that is nested deeper than any object of the API is not read', () => {
  requireShallow(nested(100))
  expect(() => requireShallow(nested(20_000))).toThrow('nested deeper than 200 levels')
})

test('brackets in texts are no levels, whatever is escaped in them', () => {
  requireShallow(Buffer.from(JSON.stringify({ a: `${'[{'.repeat(500)}"\\`, b: '['.repeat(500) })))
})
