import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineDiff } from './line-diff.ts'

const short = (before: string | null, after: string | null) =>
  lineDiff(before, after).map(({ kind, text }) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${text}`)

test('what stays is said once, what is gone before what takes its place', () => {
  expect(short('a\nb\nc', 'a\nx\nc\nd')).toEqual([' a', '-b', '+x', ' c', '+d'])
  expect(short(null, 'a\n\nb')).toEqual(['+a', '+', '+b'])
  expect(short('a', null)).toEqual(['-a'])
  expect(short('', '')).toEqual([])
})

test('each text is there whole and in order, and a text against itself differs nowhere', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(text, text, (a, b) => {
      const lines = lineDiff(a.join('\n'), b.join('\n'))
      const side = (other: string) => lines.filter(({ kind }) => kind !== other).map((line) => line.text)
      expect([side('new'), side('gone')]).toEqual([a, b])
      expect(lineDiff(a.join('\n'), a.join('\n')).every(({ kind }) => kind === 'same')).toBe(true)
    }),
  )
})
