import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalText, contentHashOf } from './canonical.ts'
import type { Json } from './contract.ts'

const { tree: json } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('tree')),
    fc.dictionary(fc.string(), tie('tree'), { noNullPrototype: true }),
  ),
}))

function shuffledKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(shuffledKeys)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, shuffledKeys(item)]),
  )
}

describe('the canonical form', () => {
  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalText(shuffledKeys(value))).toBe(canonicalText(value))
      }),
    )
  })

  test('is JSON of the same value, and its own canonical form', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalText(value)
        const back = JSON.parse(text)
        expect(canonicalText(back)).toBe(text)
        expect(JSON.parse(JSON.stringify(value))).toEqual(back)
      }),
    )
  })

  test('tells different values apart', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const same =
          JSON.stringify(JSON.parse(canonicalText(a))) === JSON.stringify(JSON.parse(canonicalText(b)))
        expect(contentHashOf(a) === contentHashOf(b)).toBe(same)
      }),
    )
  })

  test('writes the example of RFC 8785, section 3.2.3', () => {
    const example = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    }
    expect(canonicalText(example)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  test.each([
    ['undefined', { a: [{ b: undefined }] }, '$.a[0].b is undefined'],
    ['NaN', { a: Number.NaN }, '$.a is NaN'],
    ['infinity', [Number.POSITIVE_INFINITY], '$[0] is Infinity'],
    ['a bigint', { seq: 1n }, '$.seq is bigint'],
    ['a date', { at: new Date(0) }, '$.at is a Date'],
    ['a map', { m: new Map() }, '$.m is a Map'],
    ['half a surrogate pair', { s: '\ud800' }, '$.s holds half of a surrogate pair'],
    ['a function', { f: () => 1 }, '$.f is function'],
  ])('refuses %s and says where it stands', (_, value, message) => {
    // @ts-expect-error: the type refuses it too, or the compiler would say so here
    const refused = () => canonicalText(value)
    expect(refused).toThrow(message)
  })

  test('refuses a value that contains itself', () => {
    const a: { [key: string]: Json } = {}
    a.self = a
    expect(() => canonicalText(a)).toThrow('$.self contains itself')
  })
})
