import type { Db } from '../kernel/db.ts'
import type { AuditCheckpoint, AuditEntry } from '../kernel/generated/client.ts'
import type { AuditCheckpointView, AuditEntryView } from './contract.ts'
import { type LogPosition, logStart } from './entry-problem.ts'

const batch = 1_000

/** A row of the log with plain numbers and times. */
export function storedEntry(row: AuditEntry): AuditEntryView {
  return { ...row, seq: Number(row.seq), at: row.at.toISOString() }
}

type EntryRow = [seq: number, at: string, stage: string, action: string, subject: string, ...string[]]

/**
 * Up to a thousand entries after `after`. As one JSON text: made and read several times faster than rows, and the whole log
 * is read each time that it is verified.
 */
async function readBatch(db: Db, after: bigint, until: bigint): Promise<AuditEntryView[]> {
  const [row] = await db.$queryRaw<[{ entries: string | null }]>`
    SELECT json_agg(json_build_array("seq",
      to_char("at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      "stage", "action", "subject", "canonical", "prevHash", "hash") ORDER BY "seq")::text AS "entries"
    FROM (SELECT * FROM "AuditEntry" WHERE "seq" > ${after} AND "seq" <= ${until} ORDER BY "seq" LIMIT ${batch}) AS "part"`
  const parts: EntryRow[] = JSON.parse(row.entries ?? '[]')
  return parts.map(([seq, at, stage, action, subject, canonical = '', prevHash = '', hash = '']) => ({
    ...{ seq, at, stage, action, subject, canonical, prevHash, hash },
  }))
}

const smallest = -(2n ** 63n)

/**
 * Entries in the order of the log: after `after` (null: from wherever the table begins) up to `until`. Reads a batch ahead
 * while one is worked on.
 */
export async function* storedEntries(
  db: Db,
  after: number | null,
  until: number,
): AsyncGenerator<AuditEntryView> {
  let ahead = readBatch(db, after === null ? smallest : BigInt(after), BigInt(until))
  for (;;) {
    const entries = await ahead
    const last = entries.at(-1)
    if (last && entries.length === batch) {
      ahead = readBatch(db, BigInt(last.seq), BigInt(until))
      // Whoever stops in the middle does not wait for it.
      ahead.catch(() => undefined)
    }
    yield* entries
    if (entries.length < batch) return
  }
}

/** The last entry's position; the start of the log if there is none. */
export async function storedHead(db: Db): Promise<LogPosition> {
  const last = await db.auditEntry.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true, hash: true } })
  return last ? { size: Number(last.seq), headHash: last.hash } : logStart
}

/** A row with plain numbers and times. */
export function storedCheckpoint(row: AuditCheckpoint): AuditCheckpointView {
  return { ...row, size: Number(row.size), at: row.at.toISOString() }
}

/** The checkpoints in the database by growing size, up to `until`: what is signed meanwhile may lie beyond a head read before. */
export async function* storedCheckpoints(db: Db, until: number): AsyncGenerator<AuditCheckpointView> {
  let after = smallest
  for (;;) {
    const rows = await db.auditCheckpoint.findMany({
      where: { size: { gt: after, lte: BigInt(until) } },
      orderBy: { size: 'asc' },
      take: batch,
    })
    for (const row of rows) yield storedCheckpoint(row)
    const last = rows.at(-1)
    if (!last || rows.length < batch) return
    after = last.size
  }
}

/** The newest few checkpoints in the database, by growing size. */
export async function newestCheckpoints(db: Db, count: number): Promise<AuditCheckpointView[]> {
  const rows = await db.auditCheckpoint.findMany({ orderBy: { size: 'desc' }, take: count })
  return rows.toReversed().map(storedCheckpoint)
}
