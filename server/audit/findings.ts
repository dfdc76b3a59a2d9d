import type { Tx } from '../kernel/db.ts'
import type { AuditEntry } from '../kernel/generated/client.ts'

export const verifiedAction = 'log.verified'
export const brokenAction = 'log.broken'
/** Somebody asked, or something was seen that does not hold: all of the log is to be verified. */
export const askedAction = 'log.verification-asked'

/** What a verification found. `problem` and `seq` of the first broken entry: of a break. `answers`: the newest asking that it knew of. */
export type Finding = {
  action: string
  at: Date
  problem: string | null
  seq: number | null
  answers: number
}

/** An asking that no verification begun since has answered; `seq`: its entry. */
export type Ask = { seq: number; at: Date; why: string }

/** The newest entry that says what a verification found. Each kind is looked up by index, however long ago it was. */
export async function lastFinding(db: Tx): Promise<Finding | null> {
  const [verified, broken] = await Promise.all([newest(db, verifiedAction), newest(db, brokenAction)])
  const entry = (verified?.seq ?? -1n) > (broken?.seq ?? -1n) ? verified : broken
  if (!entry) return null
  const body = bodyOf(entry)
  return {
    action: entry.action,
    at: entry.at,
    problem: 'problem' in body ? String(body.problem) : null,
    seq: 'seq' in body && typeof body.seq === 'number' ? body.seq : null,
    answers: 'answers' in body && typeof body.answers === 'number' ? body.answers : 0,
  }
}

/** The newest asking, unless a verification that began after it has found something. */
export async function pendingAsk(db: Tx): Promise<Ask | null> {
  const [entry, finding] = await Promise.all([newest(db, askedAction), lastFinding(db)])
  if (!entry || Number(entry.seq) <= (finding?.answers ?? 0)) return null
  const body = bodyOf(entry)
  return { seq: Number(entry.seq), at: entry.at, why: 'why' in body ? String(body.why) : '' }
}

/** When the whole log last passed. */
export async function lastVerifiedWhole(db: Tx): Promise<Date | null> {
  return (await newest(db, verifiedAction))?.at ?? null
}

function newest(db: Tx, action: string): Promise<AuditEntry | null> {
  return db.auditEntry.findFirst({ where: { stage: 'audit', action }, orderBy: { seq: 'desc' } })
}

function bodyOf(entry: AuditEntry): object {
  const body: unknown = JSON.parse(entry.canonical)?.body
  return body instanceof Object ? body : {}
}
