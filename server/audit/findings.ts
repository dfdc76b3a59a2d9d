import type { Db } from '../kernel/db.ts'
import type { AuditEntry } from '../kernel/generated/client.ts'

export const verifiedAction = 'log.verified'
export const brokenAction = 'log.broken'

/** What a verification found. `problem` and `seq` of the first broken entry: of a break. */
export type Finding = { action: string; at: Date; problem: string | null; seq: number | null }

/** The newest entry that says what a verification found. Each kind is looked up by index, however long ago it was. */
export async function lastFinding(db: Db): Promise<Finding | null> {
  const [verified, broken] = await Promise.all([newest(db, verifiedAction), newest(db, brokenAction)])
  const entry = (verified?.seq ?? -1n) > (broken?.seq ?? -1n) ? verified : broken
  if (!entry) return null
  const body: unknown = JSON.parse(entry.canonical)?.body
  const problem = body instanceof Object && 'problem' in body ? String(body.problem) : null
  const seq = body instanceof Object && 'seq' in body && typeof body.seq === 'number' ? body.seq : null
  return { action: entry.action, at: entry.at, problem, seq }
}

/** When the whole log last passed. */
export async function lastVerifiedWhole(db: Db): Promise<Date | null> {
  return (await newest(db, verifiedAction))?.at ?? null
}

function newest(db: Db, action: string): Promise<AuditEntry | null> {
  return db.auditEntry.findFirst({ where: { stage: 'audit', action }, orderBy: { seq: 'desc' } })
}
