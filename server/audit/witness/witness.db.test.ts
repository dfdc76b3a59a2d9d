import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { readKept, verifyExport } from '../../../public/verify-log.mjs'
import { manualClock } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { transact } from '../../kernel/transact.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
} from '../../runtime/testing/index.ts'
import {
  addWitness,
  append,
  checkpoint,
  ensureAuditKey,
  exportLog,
  listWitnesses,
  removeWitness,
  sendDue,
} from '../index.ts'

type Heard = { method: string; path: string; headers: IncomingHttpHeaders; body: string }

const heard: Heard[] = []
/** What the stand-in answers next; 200 when nothing is scripted. */
const answers: number[] = []
/** A scripted stand-in for a webhook's receiver and for an S3-compatible store: it takes what it is sent, and is neither. */
const standIn = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const { method = '', url = '', headers } = request
    heard.push({ method, path: url, headers, body: Buffer.concat(parts).toString('utf8') })
    response.statusCode = answers.shift() ?? 200
    response.end('stand-in')
  })
})

let database: TestDatabase
let ctx: Context
let folder: string
let keyFile: string
let origin: string
const clock = manualClock(new Date('2026-03-02T12:00:00.000Z'))

beforeAll(async () => {
  database = await createTestDatabase()
  ctx = testContext({ db: database.db, clock })
  folder = mkdtempSync(path.join(tmpdir(), 'infrasage-witness-'))
  keyFile = path.join(folder, 'audit.pem')
  ensureAuditKey(keyFile)
  await new Promise<void>((done) => standIn.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(standIn.address() as AddressInfo).port}`
  vi.stubEnv('INFRASAGE_PRIVATE_HOSTS', '127.0.0.1')
  vi.stubEnv('INFRASAGE_ENCRYPTION_KEY', 'ab'.repeat(32))
  vi.stubEnv('INFRASAGE_WITNESS_DIR', folder)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  standIn.close()
  rmSync(folder, { recursive: true, force: true })
  await database.dispose()
})
beforeEach(async () => {
  heard.length = 0
  for (const { id } of await listWitnesses({ ctx })) await removeWitness({ ctx, input: { id } })
  await seal()
})

/** A new entry and a checkpoint over it. */
async function seal(): Promise<void> {
  clock.advance(1_000)
  await transact(ctx, (tx) => append(tx, ctx, { stage: 'audit', action: 'test', subject: 'x', body: null }))
  await checkpoint({ ctx, input: { keyFile } })
}
const send = () => sendDue({ ctx, input: { keyFile } })
const add = (kind: 'webhook' | 'file' | 's3', config: Record<string, unknown>) =>
  addWitness({ ctx, input: { name: kind, kind, everySeconds: 60, config } })
const only = async () => (await listWitnesses({ ctx }))[0]

test('a webhook gets the newest checkpoint, signed, once for each and not more often than asked', async () => {
  const { secret } = await add('webhook', { url: `${origin}/keep` })
  expect(await send()).toBe(1)
  const [message] = heard
  const signed = new Webhook(secret ?? '')
  vi.setSystemTime(clock.now())
  const told = signed.verify(message?.body ?? '', {
    'webhook-id': String(message?.headers['webhook-id']),
    'webhook-timestamp': String(message?.headers['webhook-timestamp']),
    'webhook-signature': String(message?.headers['webhook-signature']),
  })
  vi.useRealTimers()
  expect(told).toMatchObject({ data: { checkpoint: { rootHash: expect.any(String) } } })
  expect(await only()).toMatchObject({ behind: 0, lastError: null })
  await seal()
  expect(await send()).toBe(0)
  clock.advance(60_000)
  expect(await send()).toBe(1)
  clock.advance(60_000)
  expect(await send()).toBe(0)
  expect(heard).toHaveLength(2)
})

test('what is not taken is tried again, later each time, and said', async () => {
  await add('webhook', { url: `${origin}/keep` })
  answers.push(503, 503)
  expect(await send()).toBe(0)
  expect(await only()).toMatchObject({ heldSize: null, lastError: 'it answered 503: stand-in' })
  clock.advance(9_000)
  await send()
  expect(heard).toHaveLength(1)
  clock.advance(1_000)
  await send()
  clock.advance(19_000)
  await send()
  expect(heard).toHaveLength(2)
  clock.advance(1_000)
  expect(await send()).toBe(1)
  expect(await only()).toMatchObject({ behind: 0, lastError: null })
})

test('a store gets one object for each checkpoint, signed with AWS Signature Version 4', async () => {
  const [id, secret] = ['AKIDEXAMPLE', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY']
  await add('s3', { endpoint: origin, bucket: 'audit-log', accessKeyId: id, secretAccessKey: secret })
  expect(await send()).toBe(1)
  const [put] = heard
  expect(put?.method).toBe('PUT')
  expect(put?.path).toMatch(/^\/audit-log\/infrasage\/0{6,}\d+-[0-9a-f]{16}\.json$/)
  const given = String(put?.headers.authorization)
  const names = /SignedHeaders=([^,]+)/.exec(given)?.[1] ?? ''
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const headers = names.split(';').map((name) => `${name}:${put?.headers[name]}\n`)
  const request = ['PUT', put?.path, '', headers.join(''), names, sha256(put?.body ?? '')].join('\n')
  const at = String(put?.headers['x-amz-date'])
  const scope = `${at.slice(0, 8)}/us-east-1/s3/aws4_request`
  const key = scope
    .split('/')
    .reduce<Buffer | string>((k, part) => createHmac('sha256', k).update(part).digest(), `AWS4${secret}`)
  const toSign = ['AWS4-HMAC-SHA256', at, scope, sha256(request)].join('\n')
  expect(given).toContain(`Credential=${id}/${scope}`)
  expect(given).toContain(`Signature=${createHmac('sha256', key).update(toSign).digest('hex')}`)
})

test('what a witness holds is what the verifier takes', async () => {
  await add('file', { file: 'held.jsonl' })
  await send()
  await seal()
  clock.advance(60_000)
  await send()
  const kept = readKept(path.join(folder, 'held.jsonl'))
  expect(kept).toHaveLength(2)
  const lines: string[] = []
  for await (const line of exportLog({ ctx, input: { keyFile } })) lines.push(line)
  const file = path.join(folder, 'export.jsonl')
  writeFileSync(file, lines.join(''))
  expect(verifyExport(file, { kept })).toMatchObject({ ok: true, kept: 2 })
  expect(readFileSync(path.join(folder, 'held.jsonl'), 'utf8')).not.toContain('AKID')
})

test('settings that are wrong are named, secrets are not shown, and only an admin adds', async () => {
  await expect(add('webhook', { url: 'http://169.254.169.254/' })).rejects.toThrow('"url"')
  await expect(add('file', { file: '../escape' })).rejects.toThrow('"file"')
  await expect(add('s3', { endpoint: origin })).rejects.toThrow('"bucket"')
  const { id } = await add('webhook', { url: `${origin}/keep?token=hidden` })
  await expect(add('webhook', { url: origin })).rejects.toThrow('already')
  expect(JSON.stringify(await listWitnesses({ ctx }))).not.toMatch(/hidden|whsec/)
  const auditor = testContext({ db: database.db, actor: await createTestPerson(database.db, 'auditor') })
  await expect(removeWitness({ ctx: auditor, input: { id } })).rejects.toThrow('audit.witness')
})
