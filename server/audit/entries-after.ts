import type { Tx } from '../kernel/db.ts'
import type { AuditEntryView } from './contract.ts'
import { storedEntry } from './stored-log.ts'

/**
 * The next entries of the log after `seq`, oldest first, for whoever follows it. Entries are numbered in the order in
 * which they are committed, so that nothing appears later below what was read.
 */
export async function entriesAfter(tx: Tx, seq: number, limit: number): Promise<AuditEntryView[]> {
  const rows = await tx.auditEntry.findMany({
    where: { seq: { gt: BigInt(seq) } },
    orderBy: { seq: 'asc' },
    take: limit,
  })
  return rows.map(storedEntry)
}

/** Sequence number of the newest entry; 0 for an empty log. */
export async function logSize(tx: Tx): Promise<number> {
  const last = await tx.auditEntry.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true } })
  return Number(last?.seq ?? 0)
}
