import type { Tx } from '../kernel/db.ts'
import type { AuditEntryView } from './contract.ts'
import { entryProblem, logStart } from './entry-problem.ts'
import { missingHead } from './log-status.ts'
import { storedEntry } from './stored-log.ts'

/** An entry of the log with what it says. */
export type Recorded = { entry: AuditEntryView; actor: unknown; body: Record<string, unknown> }

/** What the log holds of a subject under these actions, oldest first. */
export async function recordedOf(
  tx: Tx,
  { subject, actions }: { subject: string; actions: string[] },
): Promise<Recorded[]> {
  const rows = await tx.auditEntry.findMany({
    where: { subject, action: { in: actions } },
    orderBy: { seq: 'asc' },
  })
  return rows.map((row) => {
    const { actor, body } = Object(JSON.parse(row.canonical))
    return { entry: storedEntry(row), actor, body: Object(body) }
  })
}

/**
 * Why an entry cannot be relied on, as far as a few look-ups tell: it matches its hash, follows the entry before it, is followed by
 * the one after it, and the entry that the newest checkpoint vouches for is there. The whole log is verified elsewhere, by everybody.
 */
export async function whyNotLinked(tx: Tx, entry: AuditEntryView): Promise<string | null> {
  const seq = BigInt(entry.seq)
  const before = await tx.auditEntry.findUnique({ where: { seq: seq - 1n } })
  const after = await tx.auditEntry.findFirst({ where: { seq: { gt: seq } }, orderBy: { seq: 'asc' } })
  const position = before ? { size: Number(before.seq), headHash: before.hash } : logStart
  const own = entryProblem(position, entry)
  if (own !== null) return own
  const next = after && entryProblem({ size: entry.seq, headHash: entry.hash }, storedEntry(after))
  if (next) return next
  const sealed = await tx.auditCheckpoint.findFirst({ orderBy: { size: 'desc' } })
  return sealed === null ? null : ((await missingHead(tx, sealed))?.problem ?? null)
}
