import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { conditionsIn, movesSince } from './binding.ts'
import { requireAllowed } from './bounds.ts'
import { conditionsNow, replanNow, worldNow } from './conditions.ts'
import { type ApproveInput, approveInput, bindingOf, type DecisionDetail } from './contract.ts'
import { getDecision } from './get-decision.ts'
import { refuseWhileInFlight } from './in-flight.ts'
import { openProposal } from './open-proposal.ts'
import { recordDecision } from './record-decision.ts'
import { storedContent } from './stored.ts'
import { voidApproval } from './void-approval.ts'

/**
 * Approves exactly what the person saw. Decision, log entry and dispatch job commit together.
 * @throws ConflictError if somebody was first or the proposal changed; also if the policy, the target or a price moved
 *   since the plan: that approval is kept as void, and the proposal stays in the inbox with the reason.
 * @throws InvalidInputError if the plan breaks a bound or a rule now, naming it; ForbiddenError for who may not waive it.
 */
export async function approve({ ctx, input }: Verb<ApproveInput>): Promise<DecisionDetail> {
  authorise(ctx, 'proposal.decide')
  const seen = parseInput(approveInput, input, 'approval')
  const outcome = await transact(ctx, async (tx) => {
    const proposal = await openProposal(tx, ctx, seen)
    const content = storedContent(proposal.content)
    await refuseWhileInFlight(tx, proposal)
    const world = await worldNow(tx, ctx, proposal.workloadId, content)
    const bound = conditionsIn(bindingOf(proposal.id, content))
    const moves = movesSince(bound, conditionsNow(world, proposal.id, content))
    if (moves.length > 0) return { void: await voidApproval(tx, ctx, proposal, moves) }
    const waiver = requireAllowed(ctx, replanNow(world, content), seen.waiver)
    const decision = await recordDecision(tx, ctx, proposal, {
      event: 'approve',
      reason: seen.note || null,
      seen: content,
      waiver,
      change: { voidReason: null },
    })
    return { decision }
  })
  // Thrown after the commit: the void approval and its log entry are kept.
  if (outcome.void) {
    throw new ConflictError(`${outcome.void.reason} It is back in the inbox with the numbers of now.`)
  }
  return getDecision({ ctx, input: { id: outcome.decision.id } })
}
