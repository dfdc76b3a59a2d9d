import { expect, test } from 'vitest'
import { z } from 'zod'
import { InvalidInputError } from './errors.ts'
import { parseInput } from './parse.ts'

const schema = z.object({ title: z.string(), labels: z.record(z.string(), z.string().array()) })

test('proper text of any script passes', () => {
  const input = { title: 'Прогноз 🚀\n', labels: { ключ: ['值'] } }
  expect(parseInput(schema, input, 'form')).toEqual(input)
})

test('a key that would become the prototype of an object is no key', () => {
  const sent: unknown = JSON.parse('{"title":"a","labels":{"__proto__":["x"],"constructor":["y"]}}')
  const { labels } = parseInput(schema, sent, 'form')
  expect(Object.keys(labels)).toEqual(['constructor'])
  expect(Object.getPrototypeOf(labels)).toBe(Object.prototype)
  expect(Object.keys(Object.prototype)).toEqual([])
})

test.each([
  ['title', { title: 'a\0b', labels: {} }],
  ['title', { title: '\ud800', labels: {} }],
  ['labels.a.1', { title: '', labels: { a: ['x', '\0'] } }],
  ['labels', { title: '', labels: { 'k\udfff': [] } }],
])('text that cannot be kept is refused, naming %s', (path, input) => {
  const refused = () => parseInput(schema, input, 'form')
  expect(refused).toThrow(InvalidInputError)
  expect(refused).toThrow(`"${path}"`)
})
