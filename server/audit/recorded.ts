import { Prisma } from '../kernel/db.ts'
import { type Reading, reading } from '../kernel/reading.ts'
import type { AuditEntryView } from './contract.ts'
import { entryProblem, type LogPosition, logStart } from './entry-problem.ts'
import { headProblem } from './log-status.ts'

/** An entry of the log with what it says, and the entries on either side of it. */
export type Recorded = {
  entry: AuditEntryView
  actor: unknown
  body: Record<string, unknown>
  before: LogPosition
  after: AuditEntryView | null
}

/** `sealed`: the point that the newest checkpoint vouches for, with the hash of the entry that is there; null before the first. */
export type OnRecord = { entries: Recorded[]; sealed: (LogPosition & { foundHash: string | null }) | null }

type Stored = {
  entries: { entry: AuditEntryView; before: LogPosition | null; after: AuditEntryView | null }[] | null
  sealed: OnRecord['sealed']
}

/** What the log holds of a subject under these actions, oldest first. */
export function onRecord({
  subject,
  actions,
}: {
  subject: Prisma.Sql
  actions: readonly string[]
}): Reading<OnRecord> {
  const query = Prisma.sql`
    SELECT json_build_object('entries', (
      SELECT json_agg(json_build_object('entry', to_json(e), 'before', (
        SELECT json_build_object('size', b."seq", 'headHash', b."hash") FROM "AuditEntry" b WHERE b."seq" = e."seq" - 1),
        'after', (SELECT to_json(n) FROM "AuditEntry" n WHERE n."seq" > e."seq" ORDER BY n."seq" LIMIT 1)
      ) ORDER BY e."seq")
      FROM "AuditEntry" e WHERE e."subject" = ${subject} AND e."action" = ANY(${[...actions]}::text[])
    ), 'sealed', (
      SELECT json_build_object('size', c."size", 'headHash', c."headHash", 'foundHash', (
        SELECT s."hash" FROM "AuditEntry" s WHERE s."seq" = c."size"))
      FROM "AuditCheckpoint" c ORDER BY c."size" DESC LIMIT 1))`
  return reading(query, ({ entries, sealed }: Stored) => ({
    sealed,
    entries: (entries ?? []).map(({ entry, before, after }) => {
      const { actor, body } = Object(JSON.parse(entry.canonical))
      const view = { actor, body: Object(body), before: before ?? logStart }
      return { ...view, entry: timed(entry), after: after && timed(after) }
    }),
  }))
}

const timed = (entry: AuditEntryView): AuditEntryView => ({ ...entry, at: new Date(entry.at).toISOString() })

/**
 * Why an entry cannot be relied on, as far as a few look-ups tell: it matches its hash, follows the entry before it, is followed by
 * the one after it, and the entry that the newest checkpoint vouches for is there. The whole log is verified elsewhere, by everybody.
 */
export function whyNotLinked({ entry, before, after }: Recorded, { sealed }: OnRecord): string | null {
  const own = entryProblem(before, entry)
  if (own !== null) return own
  const next = after && entryProblem({ size: entry.seq, headHash: entry.hash }, after)
  if (next) return next
  return sealed === null ? null : (headProblem(sealed, sealed.foundHash)?.problem ?? null)
}
