import { authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import type { Decision } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import { giveApproval, spanOfAll } from './approval-rules/give-approval.ts'
import { endorsementsOf, waivedBy } from './approval-rules/given.ts'
import { conditionsIn, movesSince } from './binding.ts'
import { requireAllowed } from './bounds.ts'
import { conditionsNow, replanNow, worldNow } from './conditions.ts'
import { type ApproveInput, approveInput, bindingOf, type DecisionDetail } from './contract.ts'
import { getDecision } from './get-decision.ts'
import { refuseWhileInFlight } from './in-flight.ts'
import { asOf } from './later.ts'
import { lockSharedLimits } from './lock-limits.ts'
import { refuseOthersTargets } from './not-ours.ts'
import { openProposal } from './open-proposal.ts'
import { approversNow } from './policy-engine/approvers.ts'
import { type Asked, judgedByEngine, transactAsked } from './policy-engine/leave.ts'
import { ruleMoves } from './rule-moves.ts'
import { storedContent } from './stored.ts'
import { voidApproval } from './void-approval.ts'

/**
 * Says yes to exactly what the person saw. Where the rules of approval ask for more people the decision is of kind `endorse`, and
 * the proposal goes on waiting; the last one needed approves it: decision, log entry and dispatch job commit together.
 * @throws ForbiddenError for one's own counter-proposal, ConflictError for a second yes of one person.
 * @throws ConflictError if somebody was first or the proposal changed; also if the policy, the target or a price moved
 *   since the plan: that approval is kept as void, and the proposal stays in the inbox with the reason.
 * @throws InvalidInputError if the plan breaks a bound or a rule now, or the policy engine denies it, naming it; ForbiddenError for who
 *   may not waive it; UnavailableError while the policy engine gives no verdict.
 */
export async function approve({ ctx, input }: Verb<ApproveInput>): Promise<DecisionDetail> {
  authorise(ctx, 'proposal.decide')
  const seen = parseInput(approveInput, input, 'approval')
  const outcome = await transactAsked(ctx, (tx, asked) => approveIn(tx, ctx, seen, asked))
  // Thrown after the commit: the void approval and its log entry are kept.
  if ('void' in outcome)
    throw new ConflictError(`${outcome.void} It is back in the inbox with the numbers of now.`)
  return getDecision({ ctx, input: { id: outcome.decision.id } })
}

/** The same in the caller's transaction, for people and for rules that decide by themselves. `void`: what moved, in words; that is to be kept. */
export async function approveIn(
  tx: Tx,
  ctx: Context,
  seen: ApproveInput,
  asked: Asked,
): Promise<{ decision: Decision } | { void: string }> {
  authorise(ctx, 'proposal.decide')
  const proposal = await openProposal(tx, ctx, seen)
  const content = storedContent(proposal.content)
  await refuseWhileInFlight(tx, ctx, proposal)
  await refuseOthersTargets(tx, proposal)
  await lockSharedLimits(tx, proposal.touchedWorkloadIds, content)
  const world = await worldNow(tx, ctx, proposal.workloadId, content)
  const bound = conditionsIn(bindingOf(proposal.id, content))
  const endorsements = await endorsementsOf(tx, proposal)
  // What is to run later is judged as of then; when it runs all is looked at once more.
  const { notBefore } = await spanOfAll(tx, proposal, seen.window, endorsements)
  const later = notBefore !== null && notBefore > ctx.clock.now()
  const fresh = replanNow(later ? asOf(world, notBefore.toISOString()) : world, content)
  const moves = [
    ...movesSince(bound, conditionsNow(world, proposal.id, content)),
    ...ruleMoves(content, fresh),
  ]
  if (moves.length > 0) return { void: (await voidApproval(tx, ctx, proposal, moves)).reason }
  const before = waivedBy(endorsements)
  // What is refused anyway need not be asked about.
  requireAllowed(ctx, fresh, seen.waiver, before)
  const decision = proposal.counterId === null ? 'approve' : 'override'
  const approvers = await approversNow(tx, ctx.actor, endorsements)
  const judged = await judgedByEngine(tx, ctx, asked, {
    proposal,
    content,
    decision,
    approvers,
    judged: fresh,
  })
  const waiver = requireAllowed(ctx, judged, seen.waiver, before)
  const { note, window } = seen
  return {
    decision: await giveApproval(tx, ctx, proposal, { content, reason: note || null, waiver, window }),
  }
}
