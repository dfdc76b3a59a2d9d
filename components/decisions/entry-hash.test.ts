import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { entryHolds } from './entry-hash.ts'

const canonical = '{"action":"proposal.approved","at":"2026-03-02T09:00:00.000Z"}'
const prevHash = '0'.repeat(64)
const hash = createHash('sha256').update(`${prevHash}\n1\n${canonical}`).digest('hex')
const entry = { seq: 1, prevHash, canonical, hash }

test('an entry whose hash is that of its text holds', async () => {
  expect(await entryHolds(entry)).toBe(true)
})

test.each([
  ['text', { canonical: canonical.replace('approved', 'rejected') }],
  ['place', { seq: 2 }],
  ['predecessor', { prevHash: '1'.repeat(64) }],
  ['hash', { hash: hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }],
])('a changed %s is noticed', async (_what, change) => {
  expect(await entryHolds({ ...entry, ...change })).toBe(false)
})
