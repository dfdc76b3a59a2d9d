import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type ProposalDetail, type UndoInput, undoInput } from './contract.ts'
import { getProposal } from './get-proposal.ts'
import { supersededByWaiting } from './propose.ts'
import { recordDecision } from './record-decision.ts'
import { lockedApproval, whyNotRedeemable } from './redeemable.ts'
import { storedContent } from './stored.ts'

/**
 * Takes an approval back before it is carried out: within the hold after it, before its window, or while all dispatch is
 * stopped. The proposal waits again, with none of the yeses. Whoever may decide may do it.
 * @throws ConflictError once it is being carried out; then roll it back.
 */
export async function undo({ ctx, input }: Verb<UndoInput>): Promise<ProposalDetail> {
  authorise(ctx, 'proposal.decide')
  const { decisionId, reason } = parseInput(undoInput, input, 'undo')
  const id = await transact(ctx, async (tx) => {
    const approval = await lockedApproval(tx, decisionId)
    const { decision, proposal } = approval
    const dead = whyNotRedeemable(approval)
    if (dead !== null) throw new ConflictError(dead)
    if (decision.usedAt !== null)
      throw new ConflictError(`#${proposal.number} is being carried out already; roll it back instead.`)
    const seen = storedContent(decision.sent ?? decision.seen)
    await recordDecision(tx, ctx, proposal, { event: 'undo', reason, seen })
    await supersededByWaiting(tx, ctx, proposal.id)
    return proposal.id
  })
  return getProposal({ ctx, input: { id } })
}
