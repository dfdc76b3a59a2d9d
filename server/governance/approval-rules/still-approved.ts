import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import type { Decision, Proposal } from '../../kernel/generated/client.ts'
import type { PlanContent } from '../../plan/contract.ts'
import { storedActor } from '../stored.ts'
import { instant } from '../words.ts'
import { automationOf } from './automation.ts'
import type { ApprovalGiven } from './contract.ts'
import { factsOf } from './facts.ts'
import { failSafeDecides } from './fail-safe.ts'
import { givenWith } from './given.ts'
import { clausesOf } from './match.ts'
import { mostMissing, standingOf } from './satisfied.ts'
import { authorOf } from './standing.ts'
import { approvalPolicyInForce } from './stored-policy.ts'

/**
 * What of an approval does not hold any more when it is to be carried out: people who gave it and may not decide any more,
 * and rules of approval of now that ask for more than was given. Groups count as they were held when it was given.
 */
export async function whyNotStillApproved(
  tx: Tx,
  ctx: Context,
  decision: Decision,
  proposal: Proposal,
  content: PlanContent,
): Promise<string[]> {
  const policy = await approvalPolicyInForce(tx)
  const facts = await factsOf(tx, proposal, content)
  const { level, held, decidedBy } = await automationOf(tx, proposal, content, { policy, facts })
  if (facts.origin !== 'rollback' && (level === 'observe' || level === 'recommend'))
    return [`the automation level is ${level} now, and nothing is carried out`]
  const actor = storedActor(decision.actor)
  if (actor.kind === 'rule') {
    const stands =
      decidedBy?.name === actor.rule || (await failSafeDecides(tx, proposal, content, policy, actor))
    return stands ? [] : [`rule ${actor.rule} would not decide it by itself now. ${held ?? ''}`.trim()]
  }
  const given = givenWith(decision)
  const gone = await whoMayNoLonger(tx, given)
  if (gone.length > 0) return gone.map((who) => `${who} approved it and may not decide any more`)
  if (decision.breakGlassId !== null) return glassOver(tx, ctx, decision.breakGlassId)
  const author = await authorOf(tx, proposal)
  const standing = standingOf(clausesOf(policy.approvals, facts), given, author === null ? [] : [author])
  const missing = mostMissing(standing)
  return missing === null
    ? []
    : [`the rules of approval (version ${policy.version}) ask for more now: ${missing}`]
}

async function whoMayNoLonger(tx: Tx, given: readonly ApprovalGiven[]): Promise<string[]> {
  const still = await tx.user.findMany({
    where: { id: { in: given.map(({ userId }) => userId) }, active: true, roles: { has: 'operator' } },
    select: { id: true },
  })
  return given.filter(({ userId }) => !still.some(({ id }) => id === userId)).map(({ who }) => who)
}

async function glassOver(tx: Tx, { clock }: Context, id: string): Promise<string[]> {
  const glass = await tx.breakGlass.findUniqueOrThrow({ where: { id } })
  // Who gives it back, or takes it from somebody, ends what was approved under it and is not carried out.
  const until = glass.endedAt ?? glass.expiresAt
  return until > clock.now()
    ? []
    : [`the broken glass that it was approved under was over at ${instant(until)}`]
}
