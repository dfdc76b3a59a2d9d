import { authorise, type Context } from '../kernel/context.ts'
import { ServiceError, UnavailableError } from '../kernel/errors.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import { automationOf } from './approval-rules/automation.ts'
import { factsOf } from './approval-rules/facts.ts'
import { asRule, failSafeNow } from './approval-rules/fail-safe.ts'
import { approvalPolicyInForce } from './approval-rules/stored-policy.ts'
import { approveIn } from './approve.ts'
import { transactAsked } from './policy-engine/leave.ts'
import { refusedLately } from './policy-engine/refused-lately.ts'
import { rehearsalOf } from './rehearsal.ts'
import { storedContent } from './stored.ts'

const atOnce = 1_000

/**
 * Decides what waits and what published rules decide by themselves: within their bounds at once, and what only adds capacity at
 * its act-by time where that is declared. Through the same verb as a person, so that everything that is held against a
 * person's approval is held against theirs. Returns how many were approved.
 */
export async function decideByRule({ ctx }: { ctx: Context }): Promise<number> {
  authorise(ctx, 'proposal.create')
  const policy = await approvalPolicyInForce(ctx.db)
  const automatic = policy.automation.some(({ level }) => level === 'automatic')
  const scaleUp = policy.failSafes.some(({ fallback }) => fallback === 'scale-up')
  if (!automatic && !scaleUp) return 0
  const now = ctx.clock.now()
  const waiting = await ctx.db.proposal.findMany({
    where: { state: 'waiting', kind: 'scale', counterId: null, expiresAt: { gt: now } },
    orderBy: { actBy: 'asc' },
    take: atOnce,
  })
  let approved = 0
  for (const proposal of waiting) {
    if (await isRefused(ctx, proposal)) continue
    const decided = await ruleFor(ctx, proposal, policy)
    if (!decided || (await refusedLately(ctx, proposal))) continue
    const outcome = await approveAs(ctx, proposal, decided, policy.version)
    // An engine that is silent for one is silent for all; the next round asks it again.
    if (outcome === 'no verdict') break
    if (outcome === 'approved') approved++
  }
  return approved
}

/** A target said that it would not take it: a person may know better, a rule does not. */
async function isRefused({ db }: Context, proposal: Proposal): Promise<boolean> {
  return (await rehearsalOf(db, proposal)).some(({ verdict }) => verdict === 'refused')
}

type Decided = { rule: string; why: string }

async function ruleFor(
  { db, clock }: Context,
  proposal: Proposal,
  policy: Awaited<ReturnType<typeof approvalPolicyInForce>>,
): Promise<Decided | null> {
  const content = storedContent(proposal.content)
  const facts = await factsOf(db, proposal, content)
  const { decidedBy } = await automationOf(db, proposal, content, { policy, facts })
  if (decidedBy) return { rule: decidedBy.name, why: `Within the bounds of rule ${decidedBy.name}.` }
  if (proposal.actBy > clock.now()) return null
  const { rule, standing } = await failSafeNow(db, proposal, content, { policy, facts })
  if (rule === null || standing.fallback !== 'scale-up') return null
  return { rule: rule.name, why: `Nobody decided in time. ${standing.words}` }
}

/** What stands against it keeps it waiting for people. */
async function approveAs(
  ctx: Context,
  proposal: Proposal,
  { rule, why }: Decided,
  version: number,
): Promise<'approved' | 'waits' | 'no verdict'> {
  const own = asRule(ctx, rule, version)
  const { id: proposalId, revision, contentHash } = proposal
  try {
    const outcome = await transactAsked(own, (tx, asked) =>
      approveIn(tx, own, { proposalId, revision, contentHash, note: why }, asked),
    )
    return 'decision' in outcome ? 'approved' : 'waits'
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    ctx.log.debug({ proposal: proposal.number, rule, why: error.message }, 'a rule did not approve')
    return error instanceof UnavailableError ? 'no verdict' : 'waits'
  }
}
