import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { verifyExport } from '../../public/verify-log.mjs'
import { manualClock } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { transact } from '../kernel/transact.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
  testStart,
} from '../runtime/testing/index.ts'
import {
  append,
  askVerification,
  besideKey,
  checkpoint,
  ensureAuditKey,
  exportLog,
  listEntries,
  logStatus,
  proveInclusion,
  readPublicKey,
  verifyLog,
} from './index.ts'
import { rewriteFrom, tamper } from './testing/owner.ts'

let database: TestDatabase
let ctx: Context
let keyDir: string
let keyFile: string
const clock = manualClock(testStart)

beforeEach(async () => {
  database = await createTestDatabase()
  clock.set(testStart)
  ctx = testContext({ db: database.db, clock })
  keyDir = mkdtempSync(path.join(tmpdir(), 'infrasage-audit-'))
  keyFile = path.join(keyDir, 'audit.pem')
  ensureAuditKey(keyFile)
})

afterEach(async () => {
  await database.dispose()
  rmSync(keyDir, { recursive: true })
})

const write = (subject: string, action = 'test') =>
  transact(ctx, (tx) => append(tx, ctx, { stage: 'governance', action, subject, body: { subject } }))

async function writeMany(count: number): Promise<void> {
  for (let i = 1; i <= count; i++) await write(`thing/${i}`)
}

function verify() {
  const { publicKeyFile, checkpointFile } = besideKey(keyFile)
  return verifyLog({ ctx, input: { publicKeys: [readPublicKey(publicKeyFile)], checkpointFile } })
}
const seal = () => checkpoint({ ctx, input: { keyFile } })

async function exported(): Promise<string[]> {
  const lines: string[] = []
  for await (const line of exportLog({ ctx, input: { keyFile } })) lines.push(line)
  return lines
}
function verifyLines(lines: string[], outside: Parameters<typeof verifyExport>[1] = {}) {
  const file = path.join(keyDir, 'export.jsonl')
  writeFileSync(file, lines.join(''))
  return verifyExport(file, outside)
}

describe('appending', () => {
  test('numbers entries from 1, chains them, and says who, when and in which request', async () => {
    expect([await write('thing/1'), await write('thing/2')]).toEqual([1, 2])
    const { entries } = await listEntries({ ctx, input: {} })
    expect(entries.map((entry) => entry.seq)).toEqual([2, 1])
    expect(entries[0]?.prevHash).toBe(entries[1]?.hash)
    expect(JSON.parse(entries[0]?.canonical ?? '')).toEqual({
      format: 'infrasage-audit/1',
      at: testStart.toISOString(),
      stage: 'governance',
      action: 'test',
      subject: 'thing/2',
      actor: ctx.actor,
      requestId: ctx.requestId,
      body: { subject: 'thing/2' },
    })
    expect(await verify()).toMatchObject({ ok: true, entries: 2 })
  })

  test('keeps text that is hard to keep', async () => {
    const body = { text: 'a\u0000b "\\" é 日本 👩‍🚀\n\t', number: 1e21, '': [] }
    await transact(ctx, (tx) => append(tx, ctx, { stage: 'audit', action: 'test', subject: 'x', body }))
    expect((await verify()).ok).toBe(true)
  })

  test('leaves no hole when a transaction is rolled back', async () => {
    await write('thing/1')
    const failed = transact(ctx, async (tx) => {
      await append(tx, ctx, { stage: 'audit', action: 'test', subject: 'x', body: null })
      throw new Error('later on')
    })
    await expect(failed).rejects.toThrow('later on')
    expect(await write('thing/2')).toBe(2)
    expect(await verify()).toMatchObject({ ok: true, entries: 2 })
  })

  test('gives one unbroken chain when many write at once', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, i) => write(`thing/${i}`)))
    expect(await verify()).toMatchObject({ ok: true, entries: 100 })
  })
})

const at = '2026-03-02T09:00:00.000Z'
const appendRaw = `SELECT public.audit_append($1::timestamptz, 'audit', 'test', 'x', $2)`

/** What `audit_append` takes, with a change. */
function entryText(change: Record<string, unknown>): string {
  const actor = { kind: 'system', component: 'test' }
  const entry = {
    format: 'infrasage-audit/1',
    at,
    stage: 'audit',
    action: 'test',
    subject: 'x',
    actor,
    body: {},
  }
  return JSON.stringify({ ...entry, ...change })
}

describe('the application role', () => {
  test('cannot divert the log into a table of its own making', async () => {
    const client = new Client({ connectionString: database.appUrl })
    await client.connect()
    await client.query('CREATE TEMPORARY TABLE "AuditEntry" (LIKE public."AuditEntry")')
    await client.query(appendRaw, [at, entryText({})])
    await client.end()
    expect(await database.db.auditEntry.count()).toBe(1)
  })

  test.each([
    ['no entry at all', '{}'],
    ['no JSON', 'hello'],
    ['another stage than its column', entryText({ stage: 'auth' })],
    ['another time than its column', entryText({ at: '2026-03-02T09:00:01.000Z' })],
    ['no actor', entryText({ actor: undefined })],
    ['no body', entryText({ body: undefined })],
  ])('cannot append a text that is %s, which would break the log for good', async (_, text) => {
    await expect(database.db.$queryRawUnsafe(appendRaw, at, text)).rejects.toThrow(
      /no entry|invalid input syntax/,
    )
    expect(await database.db.auditEntry.count()).toBe(0)
  })

  test('even the owner is refused while the guard is on', async () => {
    await write('thing/1')
    const client = new Client({ connectionString: database.ownerUrl })
    await client.connect()
    await expect(client.query('DELETE FROM "AuditEntry"')).rejects.toThrow('append-only')
    await client.end()
  })
})

/** What else he may do, drawn by chance: tamper.db.test.ts. */
describe('an owner who switches the guard off is found out', () => {
  beforeEach(async () => {
    await writeMany(6)
    await seal()
  })

  test.each([
    ['deletes the first', `DELETE FROM "AuditEntry" WHERE "seq" = 1`, 1],
    ['cuts the tail', `DELETE FROM "AuditEntry" WHERE "seq" > 4`, 5],
    [
      'slips one in before the first',
      `INSERT INTO "AuditEntry" SELECT 0, "at", "stage", "action", "subject", "canonical", "prevHash", 'h' FROM "AuditEntry" WHERE "seq" = 1`,
      0,
    ],
  ])('who %s', async (_, sql, seq) => {
    await tamper(database.ownerUrl, sql)
    expect(await verify()).toMatchObject({ ok: false, broken: { seq } })
  })

  test('who rewrites everything from an entry on', async () => {
    const edit = `UPDATE "AuditEntry" SET "canonical" = replace("canonical", '"subject":"thing/3"', '"subject":"thing/9"'), "subject" = 'thing/9' WHERE "seq" = 3`
    await tamper(database.ownerUrl, edit, rewriteFrom(3))
    expect((await verify()).broken?.problem).toContain('rewritten')
  })

  test('who cuts the tail together with the checkpoints in the database', async () => {
    await tamper(
      database.ownerUrl,
      'DELETE FROM "AuditEntry" WHERE "seq" > 2',
      'DELETE FROM "AuditCheckpoint"',
    )
    expect((await verify()).broken?.problem).toContain('tail was cut')
  })

  test('who alters the checkpoints beside the key', async () => {
    const { checkpointFile } = besideKey(keyFile)
    writeFileSync(checkpointFile, readFileSync(checkpointFile, 'utf8').replace('"size"', '"sise"'))
    expect((await verify()).broken?.problem).toContain('line 1, is not a checkpoint')
  })

  test('but half a line of a crash is no alteration', async () => {
    appendFileSync(besideKey(keyFile).checkpointFile, '{"size":9')
    await writeMany(1)
    await seal()
    expect(await verify()).toMatchObject({ ok: true, checkpoints: 2 })
  })

  test('who only deletes a checkpoint', async () => {
    await tamper(database.ownerUrl, 'DELETE FROM "AuditCheckpoint"')
    expect((await verify()).broken?.problem).toContain('gone from the database')
  })
})

describe('checkpoints', () => {
  test('seal the log, in the database and beside the key, and only when there is something new', async () => {
    await writeMany(3)
    expect(await seal()).toMatchObject({ ok: true, entries: 3, sealed: 3 })
    clock.advance(60_000)
    await seal()
    clock.advance(60_000)
    await seal()
    // The first run wrote what it found, which the second sealed; the third found nothing new.
    const sizes = (await database.db.auditCheckpoint.findMany({ orderBy: { size: 'asc' } })).map(
      (row) => row.size,
    )
    expect(sizes).toEqual([3n, 4n])
    const lines = readFileSync(besideKey(keyFile).checkpointFile, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(2)
    expect(await verify()).toMatchObject({ ok: true, entries: 4, checkpoints: 2, sealed: 4 })
  })

  test('are not signed over a log that does not hold; the break is recorded once and shown', async () => {
    await writeMany(3)
    await seal()
    await writeMany(2)
    await tamper(database.ownerUrl, `UPDATE "AuditEntry" SET "subject" = 'thing/x' WHERE "seq" = 5`)
    clock.advance(60_000)
    expect((await seal())?.ok).toBe(false)
    clock.advance(60_000)
    expect(await seal()).toBeNull()
    clock.advance(300_000)
    expect((await seal())?.ok).toBe(false)
    expect(await database.db.auditCheckpoint.count()).toBe(1)
    expect((await listEntries({ ctx, input: { action: 'log.broken' } })).entries).toHaveLength(1)
    expect(await logStatus({ ctx })).toMatchObject({
      ok: false,
      verifiedSize: 3,
      problem: expect.stringContaining('entry 5'),
      brokenSeq: 5,
    })
  })

  test('an old edit is found by the full verification of the hour', async () => {
    await writeMany(3)
    await seal()
    await tamper(database.ownerUrl, `UPDATE "AuditEntry" SET "subject" = 'thing/x' WHERE "seq" = 1`)
    clock.advance(60_000)
    expect((await seal())?.ok).toBe(true)
    clock.advance(3_600_000)
    expect((await seal())?.ok).toBe(false)
  })

  test('an old edit is found as soon as somebody asks, one verification at a time, and as a worker starts', async () => {
    await writeMany(3)
    await seal()
    clock.advance(60_000)
    const auditor = await createTestPerson(database.db, 'auditor')
    const asAuditor = testContext({ db: database.db, actor: auditor, clock })
    const first = await askVerification({ ctx: asAuditor })
    clock.advance(1_000)
    expect(await askVerification({ ctx: asAuditor })).toEqual(first)
    expect(await logStatus({ ctx })).toMatchObject({ ok: true, verifying: first })
    expect((await seal())?.ok).toBe(true)
    const whole = await logStatus({ ctx })
    expect(whole).toMatchObject({ ok: true, verifying: null, wholeAt: clock.now().toISOString() })

    await tamper(database.ownerUrl, `UPDATE "AuditEntry" SET "subject" = 'thing/x' WHERE "seq" = 1`)
    clock.advance(60_000)
    expect((await seal())?.ok).toBe(true)
    expect((await checkpoint({ ctx, input: { keyFile, whole: true } }))?.ok).toBe(false)
    expect(await seal()).toBeNull()
    await askVerification({ ctx: asAuditor })
    expect((await seal())?.ok).toBe(false)
    expect(await logStatus({ ctx })).toMatchObject({ ok: false, brokenSeq: 1, verifying: null })
    const asOperator = testContext({
      db: database.db,
      actor: await createTestPerson(database.db, 'operator'),
    })
    await expect(askVerification({ ctx: asOperator })).rejects.toThrow('audit.verify')
  })

  test('a proof that does not hold has all of the log verified at once', async () => {
    await writeMany(3)
    await seal()
    clock.advance(60_000)
    const prove = (seq: number) => proveInclusion({ ctx, input: { seq, keyFile } })
    for (const seq of [1, 2, 3]) await prove(seq)
    expect((await logStatus({ ctx })).verifying).toBeNull()
    await tamper(database.ownerUrl, `UPDATE "AuditEntry" SET "canonical" = '{}' WHERE "seq" = 2`)
    await prove(1)
    expect((await logStatus({ ctx })).verifying).toBeNull()
    await prove(2)
    expect((await logStatus({ ctx })).verifying?.why).toBe('the proof of entry 2 does not hold')
    expect((await seal())?.ok).toBe(false)
    const size = await database.db.auditEntry.count()
    await prove(2)
    expect(await database.db.auditEntry.count()).toBe(size)
  })

  test('the status says how far and until when, and notices a missing tail at once', async () => {
    expect(await logStatus({ ctx })).toEqual({
      entries: 0,
      verifiedSize: 0,
      verifiedAt: null,
      wholeAt: null,
      verifying: null,
      ok: true,
      problem: null,
      brokenSeq: null,
    })
    await writeMany(2)
    await seal()
    const sealedAt = testStart.toISOString()
    expect(await logStatus({ ctx })).toMatchObject({
      entries: 3,
      verifiedSize: 2,
      verifiedAt: sealedAt,
      ok: true,
    })
    await tamper(database.ownerUrl, 'DELETE FROM "AuditEntry" WHERE "seq" >= 2')
    expect(await logStatus({ ctx })).toMatchObject({ ok: false })
  })

  test('only the system signs', async () => {
    const actor = await createTestPerson(database.db, 'admin')
    const asAdmin = testContext({ db: database.db, actor })
    await expect(checkpoint({ ctx: asAdmin, input: { keyFile } })).rejects.toThrow('audit.seal')
  })
})

describe('the export', () => {
  beforeEach(async () => {
    await writeMany(3)
    await seal()
  })

  test('verifies offline', async () => {
    expect(verifyLines(await exported())).toMatchObject({
      ok: true,
      entries: 4,
      checkpoints: 1,
      sealed: 3,
    })
  })

  test('is found to be cut, edited or from another key', async () => {
    const lines = await exported()
    expect(verifyLines(lines.slice(0, -1)).broken?.problem).toContain('cut short')
    expect(verifyLines(lines.toSpliced(3, 1)).ok).toBe(false)
    expect(verifyLines(lines.toSpliced(4, 1)).broken?.problem).toContain('end line')
    expect(verifyLines(lines.with(2, lines[2]?.replace('thing/2', 'thing/x') ?? '')).broken).toMatchObject({
      seq: 2,
    })
    const otherKey = path.join(keyDir, 'other.pem')
    ensureAuditKey(otherKey)
    const publicKeys = [readFileSync(besideKey(otherKey).publicKeyFile, 'utf8')]
    const foreign = verifyLines(lines, { publicKeys })
    expect(foreign.broken?.problem).toContain('not known here')
  })

  test('is for admins and auditors', async () => {
    const actor = await createTestPerson(database.db, 'operator')
    const asOperator = testContext({ db: database.db, actor })
    expect(() => exportLog({ ctx: asOperator, input: { keyFile } })).toThrow('audit.export')
  })
})
