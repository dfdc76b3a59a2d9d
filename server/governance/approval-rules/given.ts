import { type Actor, actorUserId } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import type { Decision, Proposal } from '../../kernel/generated/client.ts'
import { groupsOf } from '../../kernel/groups.ts'
import type { RunWindow, Waiver } from '../contract.ts'
import { storedActor, storedApproval, storedWaiver } from '../stored.ts'
import { whoIs } from '../words.ts'
import type { ApprovalGiven } from './contract.ts'

/** The yeses to a proposal as it is now: those of an earlier revision, or of another content, are void. */
export async function endorsementsOf(
  tx: Tx,
  { id, revision, contentHash }: Pick<Proposal, 'id' | 'revision' | 'contentHash'>,
): Promise<Decision[]> {
  return tx.decision.findMany({
    where: { proposalId: id, kind: 'endorse', revision, contentHash },
    orderBy: { number: 'asc' },
  })
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

/** The person behind an actor, with the groups that they belong to now; null for who is no person. */
export async function approverNow(
  tx: Tx,
  actor: Actor,
): Promise<Pick<ApprovalGiven, 'userId' | 'groups'> | null> {
  const userId = actorUserId(actor)
  if (userId === null) return null
  return { userId, groups: (await groupsOf(tx, [userId])).get(userId) ?? [] }
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
