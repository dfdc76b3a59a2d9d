import { type Actor, actorUserId } from '../../kernel/context.ts'
import { Prisma } from '../../kernel/db.ts'
import type { Decision, Proposal } from '../../kernel/generated/client.ts'
import { memberships } from '../../kernel/groups.ts'
import { type AsJson, type Reading, reading } from '../../kernel/reading.ts'
import type { RunWindow, Waiver } from '../contract.ts'
import { storedActor, storedApproval, storedDecision, storedWaiver } from '../stored.ts'
import { whoIs } from '../words.ts'
import type { ApprovalGiven } from './contract.ts'

/** The yeses to a proposal as it is now: those of an earlier revision, or of another content, are void. */
export function endorsementsOf({
  id,
  revision,
  contentHash,
}: Pick<Proposal, 'id' | 'revision' | 'contentHash'>): Reading<Decision[]> {
  const query = Prisma.sql`
    SELECT json_agg(d ORDER BY d."number") FROM "Decision" d
    WHERE d."proposalId" = ${id}::uuid AND d."kind" = 'endorse' AND d."revision" = ${revision}
      AND d."contentHash" = ${contentHash}`
  return reading(query, (rows: AsJson<Decision>[] | null) => (rows ?? []).map(storedDecision))
}

/** Who gave a decision, with the roles and groups that were kept with it; none for what no person gave. */
export function givenBy({ id, userId, actor, groups, at }: Decision): ApprovalGiven[] {
  if (userId === null) return []
  const who = storedActor(actor)
  const roles = 'roles' in who ? [...who.roles] : []
  return [{ decisionId: id, userId, who: whoIs(who), roles, groups, at: at.toISOString() }]
}

/** All yeses of an approval, with what was kept of those before the last. */
export function givenWith(decision: Decision): ApprovalGiven[] {
  return decision.approval === null ? givenBy(decision) : storedApproval(decision.approval).given
}

/** A person with the groups that they belong to now. */
export type PersonNow = Pick<ApprovalGiven, 'userId' | 'groups'>

/** The person behind an actor, as of now; null for who is no person. */
export function approver(actor: Actor): Reading<PersonNow | null> {
  const userId = actorUserId(actor)
  const { query, of } = memberships(userId === null ? [] : [userId])
  return reading(query, (json) => (userId === null ? null : { userId, groups: of(json).get(userId) ?? [] }))
}

/** All rules that earlier yeses let pass, with their reasons. */
export function waivedBy(endorsements: readonly Decision[]): Waiver | null {
  return endorsements.reduce<Waiver | null>(
    (all, { waiver }) => bothWaivers(all, waiver === null ? null : storedWaiver(waiver)),
    null,
  )
}

export function bothWaivers(a: Waiver | null, b: Waiver | null): Waiver | null {
  if (a === null || b === null) return a ?? b
  const reasons = new Set([a.reason, b.reason])
  return { rules: [...new Set([...a.rules, ...b.rules])], reason: [...reasons].join(' ') }
}

export type Span = { notBefore: Date | null; notAfter: Date | null }

/** The span that lies in all of them: from the latest start until the earliest end. */
export function narrowest(spans: readonly Span[]): Span {
  const latest = (a: Date | null, b: Date | null) => (a === null || (b !== null && b > a) ? b : a)
  const earliest = (a: Date | null, b: Date | null) => (a === null || (b !== null && b < a) ? b : a)
  return spans.reduce(
    (all, span) => ({
      notBefore: latest(all.notBefore, span.notBefore),
      notAfter: earliest(all.notAfter, span.notAfter),
    }),
    { notBefore: null, notAfter: null },
  )
}

export function spanOf(window: RunWindow | undefined): Span {
  return {
    notBefore: window?.notBefore === undefined ? null : new Date(window.notBefore),
    notAfter: window === undefined ? null : new Date(window.notAfter),
  }
}
