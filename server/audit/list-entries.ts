import type { z } from 'zod'
import { authorise, type Verb } from '../kernel/context.ts'
import type { Prisma } from '../kernel/db.ts'
import { parseInput } from '../kernel/parse.ts'
import { type AuditEntryView, auditQuery } from './contract.ts'
import { storedEntry } from './stored-log.ts'

/**
 * Entries that match, newest first. `subject` also matches everything below it ("proposal" finds "proposal/<id>").
 * `nextBeforeSeq`: give it as `beforeSeq` for the page after; null on the last one.
 */
export async function listEntries({
  ctx,
  input,
}: Verb<z.input<typeof auditQuery>>): Promise<{ entries: AuditEntryView[]; nextBeforeSeq: number | null }> {
  authorise(ctx, 'audit.read')
  const query = parseInput(auditQuery, input, 'query')
  const where: Prisma.AuditEntryWhereInput = {
    stage: query.stage,
    action: query.action,
    seq: query.beforeSeq === undefined ? undefined : { lt: BigInt(query.beforeSeq) },
    at: { gte: query.from, lt: query.to },
    OR: query.subject
      ? [{ subject: query.subject }, { subject: { startsWith: `${query.subject}/` } }]
      : undefined,
  }
  const rows = await ctx.db.auditEntry.findMany({ where, orderBy: { seq: 'desc' }, take: query.limit + 1 })
  const entries = rows.slice(0, query.limit).map(storedEntry)
  return { entries, nextBeforeSeq: rows.length > query.limit ? (entries.at(-1)?.seq ?? null) : null }
}
