import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyExport, verifyProof } from '../../../public/verify-log.mjs'
import { manualClock } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { transact } from '../../kernel/transact.ts'
import { createTestDatabase, type TestDatabase, testContext } from '../../runtime/testing/index.ts'
import { signCheckpoint } from '../checkpoint-signature.ts'
import type { AuditCheckpointView } from '../contract.ts'
import {
  append,
  besideKey,
  checkpoint,
  ensureAuditKey,
  exportLog,
  listCheckpoints,
  proveConsistency,
  proveInclusion,
  readAuditKey,
  readPublicKey,
  verifyLog,
} from '../index.ts'
import { fillLog, madeUpLog } from '../testing/fill-log.ts'
import { tamper } from '../testing/owner.ts'

const entries = 700
let database: TestDatabase
let ctx: Context
let folder: string
let keyFile: string
let publicKeys: string[]
const clock = manualClock(new Date('2026-03-02T12:00:00.000Z'))

/** A log of some hundred entries with a checkpoint from before there were trees, and then one with. */
beforeAll(async () => {
  database = await createTestDatabase()
  ctx = testContext({ db: database.db, clock })
  folder = mkdtempSync(path.join(tmpdir(), 'infrasage-tree-'))
  keyFile = path.join(folder, 'audit.pem')
  ensureAuditKey(keyFile)
  publicKeys = [readFileSync(besideKey(keyFile).publicKeyFile, 'utf8')]
  const log = [...madeUpLog(entries, 1)]
  await fillLog(database.ownerUrl, log)
  const old = { size: 300, headHash: log[299]?.hash ?? '', rootHash: null, at: '2026-03-02T10:00:00.000Z' }
  const signed = signCheckpoint(readAuditKey(keyFile), old)
  await database.db.auditCheckpoint.create({ data: { ...signed, size: 300n } })
  writeFileSync(besideKey(keyFile).checkpointFile, `${JSON.stringify({ ...signed, rootHash: undefined })}\n`)
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await database.dispose()
})

const seal = () => checkpoint({ ctx, input: { keyFile } })
const verify = () => {
  const { publicKeyFile, checkpointFile } = besideKey(keyFile)
  return verifyLog({ ctx, input: { publicKeys: [readPublicKey(publicKeyFile)], checkpointFile } })
}
const write = () =>
  transact(ctx, (tx) => append(tx, ctx, { stage: 'audit', action: 'test', subject: 'x', body: null }))
async function newest(): Promise<AuditCheckpointView> {
  const { checkpoints } = await listCheckpoints({ ctx, input: { limit: 1 } })
  if (!checkpoints[0]) throw new Error('no checkpoint')
  return checkpoints[0]
}
async function exported(): Promise<string> {
  const file = path.join(folder, 'export.jsonl')
  const lines: string[] = []
  for await (const line of exportLog({ ctx, input: { keyFile } })) lines.push(line)
  writeFileSync(file, lines.join(''))
  return file
}

let kept: AuditCheckpointView

test('a log from before there were trees gets one, and its checkpoints still hold', async () => {
  expect(await seal()).toMatchObject({ ok: true, sealed: entries })
  kept = await newest()
  expect(kept).toMatchObject({ size: entries, rootHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(await database.db.auditNode.count()).toBe(2)
  expect(await verify()).toMatchObject({ ok: true, checkpoints: 2, rootHash: expect.any(String) })
})

test('a new head is made of the new entries and the right edge alone', async () => {
  await write()
  clock.advance(60_000)
  const read: string[] = []
  const { auditEntry } = ctx.db
  const entriesRead = new Proxy(auditEntry, {
    get: (target, key) =>
      key === 'findMany'
        ? (args: Parameters<typeof auditEntry.findMany>[0]) => {
            const where = JSON.stringify(args?.where, (_, value) =>
              typeof value === 'bigint' ? Number(value) : value,
            )
            read.push(where)
            return target.findMany(args)
          }
        : Reflect.get(target, key),
  })
  const db = new Proxy(ctx.db, {
    get: (target, key) => (key === 'auditEntry' ? entriesRead : Reflect.get(target, key)),
  })
  await checkpoint({ ctx: { ...ctx, db }, input: { keyFile } })
  // Of the first 700 leaves, those beyond the two whole nodes of 256; all else comes from the nodes.
  expect(read.length).toBeGreaterThan(0)
  for (const where of read) expect(Number(/"gt":(\d+)/.exec(where)?.[1])).toBeGreaterThanOrEqual(512)
  const head = await newest()
  expect(head.size).toBe(702)
  expect((await verify()).rootHash).toBeTruthy()
  const report = verifyExport(await exported(), { publicKeys, kept: [kept] })
  expect(report).toMatchObject({ ok: true, entries: 702, checkpoints: 3, kept: 1, rootHash: head.rootHash })
})

test('any entry is proven to be in any later tree, and an edited one is not', async () => {
  for (const [seq, size] of [
    [1, undefined],
    [256, entries],
    [300, undefined],
    [702, 702],
  ] as const) {
    const proof = await proveInclusion({ ctx, input: { seq, size, keyFile } })
    expect(verifyProof(proof, { publicKeys })).toMatchObject({ ok: true })
    const other = { ...proof, entry: { ...proof.entry, hash: proof.entry.prevHash } }
    expect(verifyProof(other, { publicKeys }).ok).toBe(false)
  }
  await expect(proveInclusion({ ctx, input: { seq: 702, size: entries, keyFile } })).rejects.toThrow('reach')
  await expect(proveInclusion({ ctx, input: { seq: 9_999, keyFile } })).rejects.toThrow('no entry 9999')
  await expect(proveInclusion({ ctx, input: { seq: 1, size: 300, keyFile } })).rejects.toThrow(
    'no checkpoint',
  )
})

test('the log is proven to go on from what was kept, and from nothing else', async () => {
  const proof = await proveConsistency({ ctx, input: { from: entries, keyFile } })
  expect(verifyProof(proof, { publicKeys, kept: [kept] })).toMatchObject({ ok: true })
  const forged = signCheckpoint(readAuditKey(keyFile), { ...kept, rootHash: kept.headHash })
  expect(verifyProof(proof, { publicKeys, kept: [forged] }).broken?.problem).toContain('rewritten')
  for (const from of [1, 255, 256, 701, 702]) {
    const earlier = await proveConsistency({ ctx, input: { from, keyFile } })
    expect(verifyProof(earlier, { publicKeys }).ok).toBe(true)
    expect(verifyProof(earlier, { publicKeys, kept: [kept] }).broken?.problem).toContain('ask for that one')
  }
  await expect(proveConsistency({ ctx, input: { from: 9_999, keyFile } })).rejects.toThrow('lies beyond')
})

test('an inner node that was altered is found, and nothing is signed over it', async () => {
  await tamper(database.ownerUrl, `UPDATE "AuditNode" SET "hash" = repeat('a', 64) WHERE "index" = 1`)
  expect((await verify()).broken?.problem).toContain('from 257 on is not what they give')
  await write()
  clock.advance(60_000)
  expect(await seal()).toMatchObject({ ok: false })
  expect((await newest()).size).toBe(702)
})
