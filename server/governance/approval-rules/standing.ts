import { actorUserId, type Context } from '../../kernel/context.ts'
import { Prisma, type Tx } from '../../kernel/db.ts'
import type { Decision } from '../../kernel/generated/client.ts'
import { type AsJson, type Reading, read, reading, together } from '../../kernel/reading.ts'
import type { PlanContent } from '../../plan/contract.ts'
import { openGlassOf } from '../break-glass/open-glass.ts'
import { storedDecision } from '../stored.ts'
import type { ApprovalGiven, ApprovalPolicyInForce, ApprovalStanding, Clause } from './contract.ts'
import { type AskedProposal, approvalFacts, type KnownFacts } from './facts.ts'
import { endorsementsOf, givenBy, givenWith } from './given.ts'
import { clausesOf } from './match.ts'
import { decidersNow, outOfReach } from './out-of-reach.ts'
import { isMet, mostMissing, standingOf } from './satisfied.ts'
import { approvalsInForce } from './stored-policy.ts'

/** All that a yes to a proposal depends on, read at one moment. */
export type Ask = {
  policy: ApprovalPolicyInForce
  facts: KnownFacts
  clauses: Clause[]
  endorsements: Decision[]
  given: ApprovalGiven[]
  /** The counter-proposal that the content is; null where it is as proposed. */
  counter: Decision | null
  /** Who wrote what is to be approved, and so may not approve it. */
  authorId: string | null
}

export function ask(proposal: AskedProposal, content: PlanContent): Reading<Ask> {
  const known = together({
    policy: approvalsInForce,
    facts: approvalFacts(proposal, content),
    endorsements: endorsementsOf(proposal),
    counter: reading(
      Prisma.sql`SELECT to_json(c) FROM "Decision" c WHERE c."id" = ${proposal.counterId}::uuid`,
      (row: AsJson<Decision> | null) => row && storedDecision(row),
    ),
  })
  return reading(known.query, (json) => {
    const { policy, facts, endorsements, counter } = known.of(json)
    return {
      ...{ policy, facts, endorsements, counter },
      clauses: clausesOf(policy.approvals, facts),
      given: endorsements.flatMap(givenBy),
      authorId: counter?.userId ?? null,
    }
  })
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
  const asked = await read(tx, ask(proposal, content))
  const reader = actorUserId(ctx.actor)
  const decided = proposal.state === 'waiting' ? null : await approvalOf(tx, proposal.id)
  const given = decided === null ? asked.given : givenWith(decided)
  const standing = standingOf(asked.clauses, given, asked.authorId === null ? [] : [asked.authorId])
  // What a rule decided by itself lacks nobody's yes.
  const clauses = decided?.userId === null ? [] : standing
  // It makes nobody the approver of their own numbers.
  const glass =
    reader === null || reader === asked.authorId ? null : await openGlassOf(tx, reader, ctx.clock.now())
  const open = decided === null && !isMet(clauses)
  return {
    policyVersion: asked.policy.version,
    clauses,
    given,
    met: isMet(clauses),
    missing: mostMissing(clauses),
    outOfReach: open ? outOfReach(asked.clauses, { ...asked, deciders: await decidersNow(tx) }) : null,
    notYou: reader === null ? null : whyNot(asked, reader),
    breakGlass: glass && { id: glass.id, until: glass.expiresAt.toISOString() },
  }
}
