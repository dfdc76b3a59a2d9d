import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import { read } from '../kernel/reading.ts'
import { inFlightWith, refuseWhileInFlight } from './in-flight.ts'
import {
  type ApprovedProposal,
  againstResuming,
  heldToResume,
  vouchedFor,
  whyNotRedeemable,
  whyOver,
} from './redeemable.ts'

/**
 * Whether an approval whose dispatch could not be delivered may be tried again: held against everything of now, as at its first
 * delivery, but for the versions of its targets, which the executor reads before it writes.
 * @throws ConflictError that says what stands against it; then only a new plan helps
 */
export async function requireRedrivable(tx: Tx, ctx: Context, decisionId: string): Promise<void> {
  const held = await heldToResume(tx, decisionId)
  const { approval } = held
  const { proposal } = approval
  const dead = whyNotRedeemable(approval)
  if (dead !== null) throw new ConflictError(dead)
  // What is over is over, whatever else stands against it.
  const over = whyOver(ctx, approval)
  if (over.length > 0) throw refused(proposal, over)
  refuseWhileInFlight(await read(tx, inFlightWith(proposal, ctx.clock.now())))
  const { vouched, forged } = vouchedFor(held, { redeemed: approval.decision.usedAt !== null })
  const moved = forged === null ? (await againstResuming(tx, ctx, vouched)).reasons : [forged]
  if (moved.length > 0) throw refused(proposal, moved)
}

function refused({ number }: ApprovedProposal, reasons: string[]): ConflictError {
  return new ConflictError(
    `#${number} would not be approved now: ${reasons.join('; ').replace(/\.$/, '')}. It takes another plan; give this one up.`,
  )
}
