import type { Context } from '../../kernel/context.ts'
import { Prisma, type Tx } from '../../kernel/db.ts'
import type { Decision } from '../../kernel/generated/client.ts'
import { type Readings, reading } from '../../kernel/reading.ts'
import type { PlanContent } from '../../plan/contract.ts'
import { storedActor } from '../stored.ts'
import { instant } from '../words.ts'
import { automationOf } from './automation.ts'
import type { ApprovalPolicyInForce } from './contract.ts'
import { type AskedProposal, approvalFacts, type KnownFacts } from './facts.ts'
import { failSafeDecides } from './fail-safe.ts'
import { givenWith } from './given.ts'
import { clausesOf } from './match.ts'
import { mostMissing, standingOf } from './satisfied.ts'
import { approvalsInForce } from './stored-policy.ts'

/** What an approval has to stand up to when it is to be carried out, as things are now. */
export type StandingNow = {
  policy: ApprovalPolicyInForce
  facts: KnownFacts
  /** Of those who gave it, who may still decide. */
  deciderIds: string[]
  /** When the broken glass that it was approved under is over; null where it was not. */
  glassUntil: string | null
  /** Who wrote the numbers, and so may not approve them; null where they are as proposed. */
  authorId: string | null
}

export function standingNow(
  decision: Decision,
  proposal: AskedProposal,
  content: PlanContent,
): Readings<StandingNow> {
  const giverIds = givenWith(decision).map(({ userId }) => userId)
  return {
    policy: approvalsInForce,
    facts: approvalFacts(proposal, content),
    deciderIds: reading(
      Prisma.sql`
        SELECT json_agg(u."id") FROM "User" u
        WHERE u."id" = ANY(${giverIds}::uuid[]) AND u."active" AND u."roles" @> ARRAY['operator']::"Role"[]`,
      (ids: string[] | null) => ids ?? [],
    ),
    // Who gives it back, or takes it from somebody, ends what was approved under it and is not carried out.
    glassUntil: reading(Prisma.sql`
      SELECT to_json(coalesce(g."endedAt", g."expiresAt")) FROM "BreakGlass" g WHERE g."id" = ${decision.breakGlassId}::uuid`),
    authorId: reading(Prisma.sql`
      SELECT to_json(c."userId") FROM "Decision" c WHERE c."id" = ${proposal.counterId}::uuid`),
  }
}

/**
 * What of an approval does not hold any more when it is to be carried out: people who gave it and may not decide any more,
 * and rules of approval of now that ask for more than was given. Groups count as they were held when it was given.
 */
export async function whyNotStillApproved(
  tx: Tx,
  { clock }: Pick<Context, 'clock'>,
  { decision, proposal }: { decision: Decision; proposal: AskedProposal },
  content: PlanContent,
  { policy, facts, deciderIds, glassUntil, authorId }: StandingNow,
): Promise<string[]> {
  const known = { policy, facts }
  const { level, held, decidedBy } = await automationOf(tx, proposal, content, known)
  if (facts.origin !== 'rollback' && (level === 'observe' || level === 'recommend'))
    return [`the automation level is ${level} now, and nothing is carried out`]
  const actor = storedActor(decision.actor)
  if (actor.kind === 'rule') {
    const stands = decidedBy?.name === actor.rule || failSafeDecides(proposal, content, known, actor)
    return stands ? [] : [`rule ${actor.rule} would not decide it by itself now. ${held ?? ''}`.trim()]
  }
  const given = givenWith(decision)
  const gone = given.filter(({ userId }) => !deciderIds.includes(userId))
  if (gone.length > 0) return gone.map(({ who }) => `${who} approved it and may not decide any more`)
  if (decision.breakGlassId !== null) return glassOver(glassUntil, clock.now())
  const standing = standingOf(clausesOf(policy.approvals, facts), given, authorId === null ? [] : [authorId])
  const missing = mostMissing(standing)
  return missing === null
    ? []
    : [`the rules of approval (version ${policy.version}) ask for more now: ${missing}`]
}

function glassOver(glassUntil: string | null, now: Date): string[] {
  const until = new Date(glassUntil ?? 0)
  return until > now ? [] : [`the broken glass that it was approved under was over at ${instant(until)}`]
}
