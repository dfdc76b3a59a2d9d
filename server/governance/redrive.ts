import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import { refuseWhileInFlight } from './in-flight.ts'
import { lockedApproval, whyNotNow, whyNotRedeemable, whyOver } from './redeemable.ts'

/**
 * Whether an approval whose dispatch could not be delivered may be tried again: held against everything of now, as at its first
 * delivery, but for the versions of its targets, which the executor reads before it writes.
 * @throws ConflictError that says what stands against it; then only a new plan helps
 */
export async function requireRedrivable(tx: Tx, ctx: Context, decisionId: string): Promise<void> {
  const approval = await lockedApproval(tx, decisionId)
  const { proposal } = approval
  const dead = whyNotRedeemable(approval)
  if (dead !== null) throw new ConflictError(dead)
  await refuseWhileInFlight(tx, ctx, proposal)
  const { reasons: moved } = await whyNotNow(tx, ctx, approval, null)
  const reasons = [...whyOver(ctx, approval), ...moved]
  if (reasons.length > 0)
    throw new ConflictError(
      `#${proposal.number} would not be approved now: ${reasons.join('; ').replace(/\.$/, '')}. It takes another plan; close this one.`,
    )
}
