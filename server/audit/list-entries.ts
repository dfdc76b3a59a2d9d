import type { z } from 'zod'
import { authorise, type Verb } from '../kernel/context.ts'
import { type Db, Prisma } from '../kernel/db.ts'
import type { AuditEntry } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import { type AuditEntryView, type AuditQuery, auditQuery } from './contract.ts'
import { storedEntry } from './stored-log.ts'
import { wordsOf, wordsQuery } from './words.ts'

export type EntryPage = { entries: AuditEntryView[]; nextBeforeSeq: number | null }

/**
 * Of words that many entries have, the newest are found by reading this many: an index of words knows no order, and would
 * give all of them to be sorted.
 */
const recentEntries = 5_000

/** Entries that match, newest first. `nextBeforeSeq`: give it as `beforeSeq` for the page after; null on the last one. */
export async function listEntries({ ctx, input }: Verb<z.input<typeof auditQuery>>): Promise<EntryPage> {
  authorise(ctx, 'audit.read')
  const query = parseInput(auditQuery, input, 'query')
  const words = wordsOf([query.text, query.workloadId, query.decisionId])
  const rows = words.length === 0 ? await read(ctx.db, query) : await search(ctx.db, query, words)
  const entries = rows.slice(0, query.limit).map(storedEntry)
  return { entries, nextBeforeSeq: rows.length > query.limit ? (entries.at(-1)?.seq ?? null) : null }
}

function read(db: Db, query: AuditQuery): Promise<AuditEntry[]> {
  return db.$queryRaw<AuditEntry[]>`
    SELECT * FROM "AuditEntry" WHERE ${conditionsOf(query)} ORDER BY "seq" DESC LIMIT ${query.limit + 1}`
}

async function search(db: Db, query: AuditQuery, words: string[]): Promise<AuditEntry[]> {
  const asked = Prisma.sql`audit_words("canonical") @@ ${wordsQuery(words)}::tsquery`
  const below = query.beforeSeq ?? null
  // A word is a part of the text; that is far quicker to see than what its words are.
  const likely = words.map((word) => Prisma.sql`position(${word} IN lower("canonical")) > 0`)
  const recent = await db.$queryRaw<AuditEntry[]>`
    WITH recent AS MATERIALIZED (
      SELECT * FROM "AuditEntry" WHERE ${below}::bigint IS NULL OR "seq" < ${below}::bigint
      ORDER BY "seq" DESC LIMIT ${recentEntries}
    )
    SELECT * FROM recent WHERE ${conditionsOf(query)} AND ${Prisma.join(likely, ' AND ')} AND ${asked}
    ORDER BY "seq" DESC LIMIT ${query.limit + 1}`
  if (recent.length > query.limit) return recent
  // With less memory the index gives pages instead of entries, and the words of every entry on them are made anew.
  const [, all] = await db.$transaction([
    db.$executeRaw`SET LOCAL work_mem = '64MB'`,
    db.$queryRaw<AuditEntry[]>`
      SELECT * FROM "AuditEntry" WHERE ${conditionsOf(query)} AND ${asked}
      ORDER BY "seq" DESC LIMIT ${query.limit + 1}`,
  ])
  return all
}

/** Each has an index: the key, (stage, action), (subject), (time) and (actor); the words of the text have theirs. */
function conditionsOf(query: AuditQuery): Prisma.Sql {
  const { stage, action, subject, actor, from, to, beforeSeq } = query
  const conditions = [
    stage === undefined ? null : Prisma.sql`"stage" = ${stage}`,
    action === undefined ? null : Prisma.sql`"action" = ${action}`,
    // "0" is the character after "/": all that begins with the subject and a slash, by the index.
    subject === undefined
      ? null
      : Prisma.sql`("subject" = ${subject} OR ("subject" >= ${`${subject}/`} AND "subject" < ${`${subject}0`}))`,
    actor === undefined ? null : Prisma.sql`audit_actor("canonical") = ${actor}`,
    from === undefined ? null : Prisma.sql`"at" >= ${new Date(from)}`,
    to === undefined ? null : Prisma.sql`"at" < ${new Date(to)}`,
    beforeSeq === undefined ? null : Prisma.sql`"seq" < ${BigInt(beforeSeq)}`,
  ].filter((condition) => condition !== null)
  return conditions.length > 0 ? Prisma.join(conditions, ' AND ') : Prisma.sql`true`
}
