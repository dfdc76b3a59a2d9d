import type { z } from 'zod'
import { authorise, type Verb } from '../kernel/context.ts'
import { Prisma } from '../kernel/db.ts'
import type { AuditEntry } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import { type AuditEntryView, type AuditQuery, auditQuery } from './contract.ts'
import { storedEntry } from './stored-log.ts'
import { wordsQuery } from './words.ts'

export type EntryPage = { entries: AuditEntryView[]; nextBeforeSeq: number | null }

/** Entries that match, newest first. `nextBeforeSeq`: give it as `beforeSeq` for the page after; null on the last one. */
export async function listEntries({ ctx, input }: Verb<z.input<typeof auditQuery>>): Promise<EntryPage> {
  authorise(ctx, 'audit.read')
  const query = parseInput(auditQuery, input, 'query')
  const rows = await ctx.db.$queryRaw<AuditEntry[]>`
    SELECT * FROM "AuditEntry" WHERE ${conditionsOf(query)} ORDER BY "seq" DESC LIMIT ${query.limit + 1}`
  const entries = rows.slice(0, query.limit).map(storedEntry)
  return { entries, nextBeforeSeq: rows.length > query.limit ? (entries.at(-1)?.seq ?? null) : null }
}

/** Each has an index: the key, (stage, action), (subject), (time), (actor), and the words of the text. */
function conditionsOf(query: AuditQuery): Prisma.Sql {
  const { stage, action, subject, actor, from, to, beforeSeq } = query
  const words = wordsQuery([query.text, query.workloadId, query.decisionId])
  const conditions = [
    stage === undefined ? null : Prisma.sql`"stage" = ${stage}`,
    action === undefined ? null : Prisma.sql`"action" = ${action}`,
    // "0" is the character after "/": all that begins with the subject and a slash, by the index.
    subject === undefined
      ? null
      : Prisma.sql`("subject" = ${subject} OR ("subject" >= ${`${subject}/`} AND "subject" < ${`${subject}0`}))`,
    actor === undefined ? null : Prisma.sql`audit_actor("canonical") = ${actor}`,
    words === null ? null : Prisma.sql`audit_words("canonical") @@ ${words}::tsquery`,
    from === undefined ? null : Prisma.sql`"at" >= ${new Date(from)}`,
    to === undefined ? null : Prisma.sql`"at" < ${new Date(to)}`,
    beforeSeq === undefined ? null : Prisma.sql`"seq" < ${BigInt(beforeSeq)}`,
  ].filter((condition) => condition !== null)
  return conditions.length > 0 ? Prisma.join(conditions, ' AND ') : Prisma.sql`true`
}
