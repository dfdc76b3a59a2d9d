import type { ApprovalBinding } from '../governance/contract.ts'
import { approvedBinding } from '../governance/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Lease } from './lease.ts'
import { type Leg, storedLegs } from './legs.ts'

/**
 * What a go reads of its dispatch once, as it begins. It stays true: whatever else changes it raises the fencing token, and the
 * next commit of this go is refused.
 */
export type Known = {
  /** What was approved. */
  binding: ApprovalBinding
  /** Every action by its position; none before the approval is redeemed. */
  legs: readonly Leg[]
  /** Writes that earlier goes let go, and how each was answered. */
  writes: readonly { targetId: string; step: string; outcome: string; at: Date }[]
}

/** @throws NotFoundError, Error if the decision binds nothing */
export async function readKnown(ctx: Context, { decisionId, dispatchId, state }: Lease): Promise<Known> {
  const binding = await approvedBinding(ctx, decisionId)
  if (state === 'pending') return { binding, legs: [], writes: [] }
  const legs = await storedLegs(ctx.db, dispatchId, binding)
  const writes = await ctx.db.receipt.findMany({
    where: { dispatchId, step: { in: ['apply', 'undo'] } },
    select: { targetId: true, step: true, outcome: true, at: true },
  })
  return { binding, legs, writes }
}
