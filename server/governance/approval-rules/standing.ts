import { actorUserId, type Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import type { Decision, Proposal } from '../../kernel/generated/client.ts'
import type { PlanContent } from '../../plan/contract.ts'
import { openGlassOf } from '../break-glass/open-glass.ts'
import type { ApprovalGiven, ApprovalPolicyInForce, ApprovalStanding, Clause } from './contract.ts'
import { type AskedProposal, factsOf } from './facts.ts'
import { endorsementsOf, givenBy, givenWith } from './given.ts'
import { type ApprovalFacts, clausesOf } from './match.ts'
import { decidersNow, outOfReach } from './out-of-reach.ts'
import { isMet, mostMissing, standingOf } from './satisfied.ts'
import { approvalPolicyInForce } from './stored-policy.ts'

/** All that a yes to a proposal depends on, read in one transaction. */
export type Ask = {
  policy: ApprovalPolicyInForce
  facts: ApprovalFacts
  clauses: Clause[]
  endorsements: Decision[]
  given: ApprovalGiven[]
  /** Who wrote what is to be approved, and so may not approve it. */
  authorId: string | null
}

export async function askOf(tx: Tx, proposal: AskedProposal, content: PlanContent): Promise<Ask> {
  const policy = await approvalPolicyInForce(tx)
  const facts = await factsOf(tx, proposal, content)
  const endorsements = await endorsementsOf(tx, proposal)
  return {
    policy,
    facts,
    clauses: clausesOf(policy.approvals, facts),
    endorsements,
    given: endorsements.flatMap(givenBy),
    authorId: await authorOf(tx, proposal),
  }
}

/** The person whose counter-proposal the content is; null where it is as proposed. */
export async function authorOf(tx: Tx, { counterId }: Pick<Proposal, 'counterId'>): Promise<string | null> {
  if (counterId === null) return null
  const counter = await tx.decision.findUniqueOrThrow({ where: { id: counterId }, select: { userId: true } })
  return counter.userId
}

/** Why a yes of this person is not taken, in words; null if it is. Sessions and keys of one person are one person. */
export function whyNot({ authorId, given }: Pick<Ask, 'authorId' | 'given'>, userId: string): string | null {
  if (userId === authorId) return 'These are your own numbers: somebody else has to approve them.'
  const before = given.find((one) => one.userId === userId)
  return before ? `You said yes at ${before.at.slice(11, 16)} UTC; somebody else is still needed.` : null
}

/** The decision that approved a proposal; null where none did. */
function approvalOf(tx: Tx, proposalId: string): Promise<Decision | null> {
  return tx.decision.findFirst({
    where: { proposalId, kind: { in: ['approve', 'override'] } },
    orderBy: { number: 'desc' },
  })
}

/** Where a proposal stands with its approvers, for whoever reads it; once it is approved, with those who did. */
export async function approvalStanding(
  tx: Tx,
  ctx: Context,
  proposal: AskedProposal,
  content: PlanContent,
): Promise<ApprovalStanding> {
  const ask = await askOf(tx, proposal, content)
  const reader = actorUserId(ctx.actor)
  const decided = proposal.state === 'waiting' ? null : await approvalOf(tx, proposal.id)
  const given = decided === null ? ask.given : givenWith(decided)
  const standing = standingOf(ask.clauses, given, ask.authorId === null ? [] : [ask.authorId])
  // What a rule decided by itself lacks nobody's yes.
  const clauses = decided?.userId === null ? [] : standing
  // It makes nobody the approver of their own numbers.
  const glass =
    reader === null || reader === ask.authorId ? null : await openGlassOf(tx, reader, ctx.clock.now())
  const open = decided === null && !isMet(clauses)
  return {
    policyVersion: ask.policy.version,
    clauses,
    given,
    met: isMet(clauses),
    missing: mostMissing(clauses),
    outOfReach: open ? outOfReach(ask.clauses, { ...ask, deciders: await decidersNow(tx) }) : null,
    notYou: reader === null ? null : whyNot(ask, reader),
    breakGlass: glass && { id: glass.id, until: glass.expiresAt.toISOString() },
  }
}
