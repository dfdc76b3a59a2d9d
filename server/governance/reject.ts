import { authorise, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { dismissHarm } from '../telemetry/index.ts'
import { type DecisionDetail, type RejectInput, rejectInput } from './contract.ts'
import { getDecision } from './get-decision.ts'
import { openProposal } from './open-proposal.ts'
import { recordDecision } from './record-decision.ts'
import { storedContent } from './stored.ts'

/**
 * Turns a proposal down, with a reason; nothing is done.
 * @throws ConflictError if somebody was first, or the proposal is not what the person saw.
 */
export async function reject({ ctx, input }: Verb<RejectInput>): Promise<DecisionDetail> {
  authorise(ctx, 'proposal.decide')
  const seen = parseInput(rejectInput, input, 'rejection')
  const decision = await transact(ctx, async (tx) => {
    const proposal = await openProposal(tx, ctx, seen)
    const content = storedContent(proposal.content)
    const recorded = await recordDecision(tx, ctx, proposal, {
      event: 'reject',
      reason: seen.reason,
      seen: content,
    })
    // Who does not want it stopped says that it is demand after all.
    if (content.purpose === 'stop-harm') await dismissHarm(ctx, tx, proposal.workloadId, seen.reason)
    return recorded
  })
  return getDecision({ ctx, input: { id: decision.id } })
}
