import { expect, test } from 'vitest'
import { readyRead } from './ready-read.ts'

const at = (second: number) => new Date(second * 1_000).toISOString()
const read = (targetId: string, second: number, readyReplicas: number) => ({
  ...{ targetId, at: at(second) },
  response: { readyReplicas },
})

test('ready replicas are told by what dispatch read, as steps', () => {
  const receipts = [
    read('a', 1, 2),
    { targetId: 'a', at: at(2), response: { code: 'ECONNREFUSED' } },
    read('a', 3, 2),
    read('a', 9, 4),
  ]
  expect(readyRead(receipts, ['a'])).toEqual([
    { at: 1_000, value: 2 },
    { at: 3_000, value: 2 },
    { at: 9_000, value: 2 },
    { at: 9_000, value: 4 },
  ])
  expect(readyRead(receipts, ['b'])).toEqual([])
})

test('of several targets the sum, once all were read, and nothing of others', () => {
  const receipts = [read('a', 1, 2), read('other', 1, 50), read('b', 2, 3), read('b', 5, 6)]
  expect(readyRead(receipts, ['a', 'b'])).toEqual([
    { at: 2_000, value: 5 },
    { at: 5_000, value: 5 },
    { at: 5_000, value: 8 },
  ])
})
