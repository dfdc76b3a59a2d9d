import type { Db } from '../kernel/db.ts'
import type { AuditEntry } from '../kernel/generated/client.ts'
import { type LogPosition, logStart } from './chain.ts'
import type { AuditCheckpointView, AuditEntryView } from './contract.ts'

const batch = 1_000

/** A row of the log with plain numbers and times. */
export function storedEntry(row: AuditEntry): AuditEntryView {
  return { ...row, seq: Number(row.seq), at: row.at.toISOString() }
}

/** Entries in the order of the log, read in batches: after `after` (null: from wherever the table begins) up to `until`. */
export async function* storedEntries(
  db: Db,
  after: number | null,
  until: number,
): AsyncGenerator<AuditEntryView> {
  let cursor = after === null ? null : BigInt(after)
  for (;;) {
    const rows = await db.auditEntry.findMany({
      where: { seq: { ...(cursor === null ? {} : { gt: cursor }), lte: BigInt(until) } },
      orderBy: { seq: 'asc' },
      take: batch,
    })
    for (const row of rows) yield storedEntry(row)
    const last = rows.at(-1)
    if (!last || rows.length < batch) return
    cursor = last.seq
  }
}

/** The last entry's position; the start of the log if there is none. */
export async function storedHead(db: Db): Promise<LogPosition> {
  const last = await db.auditEntry.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true, hash: true } })
  return last ? { size: Number(last.seq), headHash: last.hash } : logStart
}

/** The checkpoints in the database, oldest first: all, or only the newest few. */
export async function storedCheckpoints(db: Db, newest?: number): Promise<AuditCheckpointView[]> {
  const rows = await db.auditCheckpoint.findMany({ orderBy: { size: 'desc' }, take: newest })
  return rows.toReversed().map((row) => ({ ...row, size: Number(row.size), at: row.at.toISOString() }))
}
