import { createHash } from 'node:crypto'
import { Client } from 'pg'
import { seededRandom } from '../../kernel/rng.ts'
import { entryFormat } from '../append.ts'
import { canonicalText } from '../canonical.ts'
import type { AuditEntryView, Json } from '../contract.ts'
import { type LogPosition, linkHash, logStart } from '../entry-problem.ts'

const batch = 5_000
const start = Date.UTC(2026, 2, 2, 9)

const people = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan', 'Radia', 'Donald', 'Katherine']
const workloads = ['chat-llm', 'code-assist', 'batch-embed', 'train-vision', 'rank-ads', 'speech-live']
const reasons = [
  'launch on Friday',
  'budget is spent',
  'too late for the surge',
  'seen before, it helped',
  'cheaper at night',
]
const kinds = [
  ['forecast', 'model.started', 'workload'],
  ['governance', 'proposal.create', 'proposal'],
  ['governance', 'proposal.deadline', 'proposal'],
  ['governance', 'proposal.approve', 'proposal'],
  ['governance', 'proposal.reject', 'proposal'],
  ['dispatch', 'approval.redeem', 'decision'],
  ['dispatch', 'dispatch.verified', 'decision'],
  ['telemetry', 'mapping.changed', 'workload'],
  ['auth', 'user.signed-in', 'user'],
] as const

/** A UUID that stands for a name. */
export function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Entries as a busy installation writes them, some 700 bytes each, from a seed. */
export function* madeUpLog(count: number, seed: number): Generator<AuditEntryView> {
  const random = seededRandom(seed)
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)]
  let head: LogPosition = logStart
  for (let seq = 1; seq <= count; seq++) {
    const [stage, action, kind] = pick(kinds) ?? kinds[0]
    const name = pick(people) ?? 'Ada'
    const workload = pick(workloads) ?? 'chat-llm'
    const number = Math.ceil(seq / 4)
    const about = kind === 'workload' ? workload : kind === 'user' ? name : `${kind} ${number}`
    const columns = {
      at: new Date(start + seq * 1_500).toISOString(),
      stage,
      action,
      subject: `${kind}/${idOf(about)}`,
    }
    const body: Json = {
      proposalNumber: number,
      workloadId: idOf(workload),
      workload,
      summary: `scale ${workload} ${seq % 13} → ${(seq % 13) + 3} replicas`,
      reason: pick(reasons) ?? null,
      contentHash: idOf(`content ${seq}`).replaceAll('-', ''),
      costChangePerHourUsd: Math.round(random() * 4_000) / 100,
      policyVersion: seq % 40,
      observedVersion: `${100_000 + seq}`,
    }
    const actor: Json =
      stage === 'forecast' || stage === 'dispatch'
        ? { kind: 'system', component: stage === 'forecast' ? 'advance' : 'dispatch' }
        : {
            kind: 'user',
            userId: idOf(name),
            name,
            email: `${name.toLowerCase()}@example.com`,
            roles: ['operator'],
          }
    const requestId = idOf(`request ${seq}`)
    const canonical = canonicalText({ format: entryFormat, ...columns, actor, requestId, body })
    const prevHash = head.headHash
    const hash = linkHash(prevHash, seq, canonical)
    yield { seq, ...columns, canonical, prevHash, hash }
    head = { size: seq, headHash: hash }
  }
}

/** Writes entries as the owner, past `audit_append`: in bulk, for logs that are long before a test begins. */
export async function fillLog(ownerUrl: string, entries: Iterable<AuditEntryView>): Promise<void> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  const columns = ['seq', 'at', 'stage', 'action', 'subject', 'canonical', 'prevHash', 'hash'] as const
  const flush = (rows: AuditEntryView[]) =>
    client.query(
      `INSERT INTO "AuditEntry" (${columns.map((column) => `"${column}"`).join(', ')})
       SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])`,
      columns.map((column) => rows.map((row) => row[column])),
    )
  try {
    let rows: AuditEntryView[] = []
    for (const entry of entries) {
      rows.push(entry)
      if (rows.length < batch) continue
      await flush(rows)
      rows = []
    }
    if (rows.length > 0) await flush(rows)
    await client.query('ANALYZE "AuditEntry"')
  } finally {
    await client.end()
  }
}

async function asOwner(ownerUrl: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  for (const sql of statements) await client.query(sql)
  await client.end()
}

/** Before a long log is filled in: an index of words grows far slower row by row than when it is made of all. */
export const dropSearchIndices = (ownerUrl: string): Promise<void> =>
  asOwner(ownerUrl, 'DROP INDEX "AuditEntry_words_idx", "AuditEntry_actor_seq_idx"')

/** The indices of the search, as the migrations make them. */
export const makeSearchIndices = (ownerUrl: string): Promise<void> =>
  asOwner(
    ownerUrl,
    'CREATE INDEX "AuditEntry_words_idx" ON "AuditEntry" USING gin (audit_words("canonical"))',
    'CREATE INDEX "AuditEntry_actor_seq_idx" ON "AuditEntry" (audit_actor("canonical"), "seq")',
    'ANALYZE "AuditEntry"',
  )
