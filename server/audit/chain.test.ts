import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { verifyChain } from './chain.ts'
import { signCheckpoint } from './checkpoint-signature.ts'
import type { AuditCheckpointView, AuditEntryView } from './contract.ts'
import { linkHash } from './entry-problem.ts'
import { rewritten, testCheckpoint, testKeys, testLog, testTree } from './testing/build-chain.ts'

const verify = (entries: AuditEntryView[], checkpoints: AuditCheckpointView[] = []) =>
  verifyChain({ entries, checkpoints, publicKeys: [testKeys.publicKey] })

const at = <T>(items: readonly T[], index: number): T => {
  const item = items[index]
  if (item === undefined) throw new Error(`no item ${index}`)
  return item
}

const bodies = fc.array(fc.string(), { minLength: 2, maxLength: 12 })

describe('a sound log', () => {
  test('verifies, with every checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(), async (texts, n) => {
        const log = testLog(texts)
        const size = 1 + (n % log.length)
        const report = await verify(log, [testCheckpoint(log, size)])
        expect(report).toMatchObject({
          ok: true,
          entries: log.length,
          checkpoints: 1,
          sealed: size,
          broken: null,
        })
      }),
    )
  })

  test('verifies when it is empty', async () => {
    expect(await verify([])).toMatchObject({ ok: true, entries: 0, headHash: null })
  })

  test('verifies from a known position on', async () => {
    const log = testLog(['a', 'b', 'c', 'd'])
    const from = () => ({ size: 2, headHash: at(log, 1).hash, frontier: testTree(log.slice(0, 2)) })
    const input = { checkpoints: [], publicKeys: [] }
    expect(await verifyChain({ ...input, from: from(), entries: log.slice(2) })).toMatchObject({
      ok: true,
      entries: 4,
      rootHash: testTree(log).root(),
    })
    expect(await verifyChain({ ...input, from: from(), entries: log.slice(3) })).toMatchObject({ ok: false })
  })
})

describe('whatever is done to the log is found', () => {
  const columns = ['at', 'stage', 'action', 'subject', 'canonical', 'prevHash', 'hash'] as const

  test('an edit of any column of any entry, which is named', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(), fc.constantFrom(...columns), async (texts, n, column) => {
        const log = testLog(texts)
        const i = n % log.length
        const forged = log.with(i, { ...at(log, i), [column]: `${at(log, i)[column]}x` })
        expect(await verify(forged)).toMatchObject({ ok: false, broken: { seq: i + 1 } })
      }),
    )
  })

  test('an edit whose own hash was made to fit, at the entry after it', async () => {
    const log = testLog(['a', 'b', 'c'])
    const second = at(log, 1)
    const canonical = second.canonical.replace('"b"', '"B"')
    const forged = log.with(1, { ...second, canonical, hash: linkHash(second.prevHash, 2, canonical) })
    expect((await verify(forged)).broken).toEqual({ seq: 3, problem: expect.stringContaining('altered') })
  })

  test('a deletion in the middle', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(), async (texts, n) => {
        const log = testLog(texts)
        const i = n % (log.length - 1)
        expect(await verify(log.toSpliced(i, 1))).toMatchObject({ ok: false, broken: { seq: i + 1 } })
      }),
    )
  })

  test('two entries that changed places', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(), async (texts, n) => {
        const log = testLog(texts)
        const i = n % (log.length - 1)
        const [a, b] = [at(log, i), at(log, i + 1)]
        const swapped = log.with(i, b).with(i + 1, a)
        const renumbered = log.with(i, { ...b, seq: a.seq }).with(i + 1, { ...a, seq: b.seq })
        expect((await verify(swapped)).ok).toBe(false)
        expect((await verify(renumbered)).ok).toBe(false)
      }),
    )
  })

  test('a cut tail, by a checkpoint beyond it', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(), async (texts, n) => {
        const log = testLog(texts)
        const left = n % log.length
        const report = await verify(log.slice(0, left), [testCheckpoint(log, log.length)])
        expect(report.broken).toEqual({ seq: left + 1, problem: expect.stringContaining('tail was cut') })
      }),
    )
  })

  test('a rewrite of everything from some point, by a checkpoint after it', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(), async (texts, n) => {
        const log = testLog(texts)
        const i = n % log.length
        const edited = at(log, i)
        const canonical = edited.canonical.replace('"requestId":"r"', '"requestId":"forged"')
        const forged = rewritten(log.with(i, { ...edited, canonical }), i)
        expect((await verify(forged)).ok).toBe(true)
        const report = await verify(forged, [testCheckpoint(log, log.length)])
        expect(report.broken).toEqual({ seq: log.length, problem: expect.stringContaining('rewritten') })
      }),
    )
  })

  test('a forged checkpoint, and one of a key that is not known', async () => {
    const log = testLog(['a', 'b'])
    const real = testCheckpoint(log, 2)
    const other = generateKeyPairSync('ed25519').privateKey
    const foreign = signCheckpoint(other, { size: 2, headHash: at(log, 1).hash, rootHash: null, at: real.at })
    const edited = { ...real, at: '2030-01-01T00:00:00.000Z' }
    expect((await verify(log, [edited])).broken?.problem).toContain('signature that does not hold')
    expect((await verify(log, [foreign])).broken?.problem).toContain('not known here')
  })

  test('a checkpoint over another tree; one without a tree still vouches for its entry', async () => {
    const log = testLog(['a', 'b'])
    const sign = (rootHash: string | null) =>
      signCheckpoint(testKeys.privateKey, { ...testCheckpoint(log, 2), rootHash })
    expect((await verify(log, [sign(at(log, 0).hash)])).broken).toEqual({
      seq: 2,
      problem: expect.stringContaining('another root'),
    })
    expect(await verify(log, [sign(null)])).toMatchObject({ ok: true, sealed: 2 })
  })
})
