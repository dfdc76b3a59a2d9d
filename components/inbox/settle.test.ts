import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyBeside, settle } from './settle.ts'

const rows = (text: string) => [...text].map((id) => ({ id, value: 1 }))
const ids = (list: { id: string }[]) => list.map((row) => row.id).join('')
const key = (row: { id: string }) => row.id

describe('a live list', () => {
  test('holds new rows back instead of pushing the others down', () => {
    const settled = settle(rows('abc'), rows('xaybc'), key)
    expect(ids(settled.rows)).toBe('abc')
    expect(settled.fresh).toBe(2)
  })

  test('appends what follows the last row, as the next page does', () => {
    const settled = settle(rows('abc'), rows('abcde'), key)
    expect(ids(settled.rows)).toBe('abcde')
    expect(settled.fresh).toBe(0)
  })

  test('keeps a row that left in its place and says so', () => {
    const settled = settle(rows('abc'), rows('ac'), key)
    expect(ids(settled.rows)).toBe('abc')
    expect([...settled.gone]).toEqual(['b'])
  })

  test('takes on new values', () => {
    const settled = settle(rows('a'), [{ id: 'a', value: 2 }], key)
    expect(settled.rows[0]?.value).toBe(2)
  })

  test('shows everything when nothing was shown, holds everything when all were replaced', () => {
    expect(settle([], rows('ab'), key)).toMatchObject({ rows: rows('ab'), fresh: 0 })
    const replaced = settle(rows('ab'), rows('xyz'), key)
    expect([ids(replaced.rows), replaced.fresh]).toEqual(['ab', 3])
  })

  test('puts a successor where the row stood that leaves as it comes, and only then', () => {
    const row = (id: string) => ({ id, value: 1 })
    const about = (one: { id: string }) => one.id.slice(0, 1)
    const given = (before: string[]) => ({
      before: before.map(row),
      succeeds: (a: { id: string }, b: { id: string }) => about(a) === about(b),
    })
    const [shown, incoming] = [['a1', 'b1', 'c1'].map(row), ['a1', 'c1', 'b2'].map(row)]
    const settled = settle(shown, incoming, key, given(['a1', 'b1', 'c1']))
    expect(settled.rows.map(key)).toEqual(['a1', 'b2', 'c1'])
    expect([...settled.replaced, settled.fresh, settled.gone.size]).toEqual([['b1', 'b2'], 0, 0])
    // b1 had left before, decided by somebody: b2 is another matter.
    const later = settle(shown, incoming, key, given(['a1', 'c1']))
    expect([later.rows.map(key), [...later.gone]]).toEqual([['a1', 'b1', 'c1', 'b2'], ['b1']])
  })

  test('never moves a row that is on the screen, and loses none', () => {
    const list = fc.uniqueArray(
      fc.integer({ min: 0, max: 30 }).map((id) => ({ id: String(id) })),
      {
        selector: (row) => row.id,
      },
    )
    fc.assert(
      fc.property(list, list, (shown, incoming) => {
        const settled = settle(shown, incoming, key)
        if (shown.length > 0) expect(ids(settled.rows).startsWith(ids(shown))).toBe(true)
        const seen = new Set(settled.rows.map(key))
        expect(incoming.filter((row) => !seen.has(row.id))).toHaveLength(settled.fresh)
        const again = settle(settled.rows, incoming, key)
        expect(ids(again.rows)).toBe(ids(settled.rows))
      }),
    )
  })
})

test('the cursor stops at both ends and starts at the first', () => {
  expect(keyBeside(['a', 'b'], 'a', 1)).toBe('b')
  expect(keyBeside(['a', 'b'], 'b', 1)).toBe('b')
  expect(keyBeside(['a', 'b'], 'a', -1)).toBe('a')
  expect(keyBeside(['a', 'b'], null, 1)).toBe('a')
  expect(keyBeside([], 'a', 1)).toBeNull()
})
