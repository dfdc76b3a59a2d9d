import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { actorWordsOf, type InclusionProof } from '../../server/audit/contract.ts'
import { wordsOf } from './entry-words.ts'
import { inclusionHolds } from './inclusion.ts'
import { lateSeconds } from './late.ts'
import { exportAddress } from './log-filters.ts'

const sha256 = (...parts: (string | Buffer)[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** An entry in the third place of a tree of three: its only sibling is the tree of the first two. */
function proofOfThird(): InclusionProof {
  const canonical = '{"body":{}}'
  const prevHash = 'ab'.repeat(32)
  const hash = sha256(`${prevHash}\n3\n${canonical}`).toString('hex')
  const entry = { seq: 3, at: '', stage: 'audit', action: 'x', subject: 'x', canonical, prevHash, hash }
  const sibling = sha256('the first two')
  const leaf = sha256(Buffer.from([0]), Buffer.from(hash, 'hex'))
  const rootHash = sha256(Buffer.from([1]), sibling, leaf).toString('hex')
  const checkpoint = { size: 3, headHash: hash, rootHash, at: '', keyId: '', signature: '' }
  return {
    format: 'infrasage-audit-inclusion/1',
    publicKey: '',
    checkpoint,
    entry,
    path: [sibling.toString('hex')],
  }
}

describe('a proof, judged in the browser', () => {
  test('holds for its entry, and for nothing else', async () => {
    const proof = proofOfThird()
    expect(await inclusionHolds(proof)).toBe(true)
    expect(await inclusionHolds({ ...proof, path: [] })).toBe(false)
    expect(await inclusionHolds({ ...proof, path: [...proof.path, ...proof.path] })).toBe(false)
    expect(await inclusionHolds({ ...proof, entry: { ...proof.entry, canonical: '{"body":{"a":1}}' } })).toBe(
      false,
    )
    const checkpoint = { ...proof.checkpoint, rootHash: 'cd'.repeat(32) }
    expect(await inclusionHolds({ ...proof, checkpoint })).toBe(false)
  })
})

test('an entry is told by what its text says, and by its subject where it says nothing', () => {
  const entry = (canonical: string) => ({ canonical, subject: 'thing/1' })
  expect(wordsOf(entry('{"body":{"proposalNumber":7,"reason":"too late","summary":null}}'))).toBe(
    '#7 too late',
  )
  expect(wordsOf(entry('{"body":{"note":""}}'))).toBe('thing/1')
  expect(wordsOf(entry('no json'))).toBe('thing/1')
})

test('an entry says that a key acted, and whose it is', () => {
  const by = (actor: object) => actorWordsOf({ canonical: JSON.stringify({ actor }) })
  const person = { kind: 'user', email: 'ann@example.com' }
  expect(by(person)).toBe('ann@example.com')
  expect(by({ ...person, kind: 'api_key', keyName: 'op-key' })).toBe('key op-key of ann@example.com')
  expect(by({ kind: 'rule', rule: 'small-rises', version: 2 })).toBe('rule small-rises')
  expect(by({ kind: 'system', component: 'advance' })).toBe('advance')
  expect(by({ kind: 'anonymous' })).toBe('')
})

test('the badge is late only while entries wait longer than a checkpoint takes', () => {
  const status = { entries: 5, verifiedSize: 5, verifiedAt: '2026-03-02T09:00:00.000Z' }
  const log = { ...status, wholeAt: null, verifying: null, ok: true, problem: null, brokenSeq: null }
  const now = Date.parse('2026-03-02T09:10:00.000Z')
  expect(lateSeconds(log, now)).toBe(0)
  expect(lateSeconds({ ...log, entries: 6 }, now)).toBe(480)
  expect(lateSeconds({ ...log, entries: 6 }, now - 500_000)).toBe(0)
})

test('what is taken out is what is shown', () => {
  const address = exportAddress({ text: 'a&b', stage: 'auth', beforeSeq: 9, from: undefined }, 'csv')
  expect(address).toBe('/api/v1/audit/entries/export?text=a%26b&stage=auth&beforeSeq=9&format=csv')
})
