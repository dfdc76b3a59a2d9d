import { authorise, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
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
    return recordDecision(tx, ctx, proposal, {
      event: 'reject',
      reason: seen.reason,
      seen: storedContent(proposal.content),
    })
  })
  return getDecision({ ctx, input: { id: decision.id } })
}
