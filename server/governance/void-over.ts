import { authorise, type Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { supersededByWaiting } from './propose.ts'
import { lockedApproval, whyNotRedeemable, whyOver } from './redeemable.ts'
import { voidApproval } from './void-approval.ts'

/** `until`: when its time is over. */
export type Held = { kind: 'void'; reason: string } | { kind: 'holds'; until: Date }

/**
 * Voids an approval whose time is over before it could be redeemed, in the caller's transaction, which must also end its dispatch: for
 * who cannot read a target, and so cannot `redeem`, which would say the same. The proposal is back in the inbox.
 */
export async function voidIfOver({
  ctx,
  tx,
  input: { decisionId },
}: Verb<{ decisionId: string }> & { tx: Tx }): Promise<Held> {
  authorise(ctx, 'dispatch.run')
  const approval = await lockedApproval(tx, decisionId)
  const { decision, proposal } = approval
  const dead = whyNotRedeemable(approval)
  if (dead !== null) return { kind: 'void', reason: dead }
  const over = whyOver(ctx, approval)
  if (over.length === 0) return { kind: 'holds', until: decision.notAfter ?? proposal.expiresAt }
  const whole = await tx.proposal.findUniqueOrThrow({ where: { id: proposal.id } })
  const { reason } = await voidApproval(tx, ctx, whole, over)
  await supersededByWaiting(tx, ctx, proposal.id)
  return { kind: 'void', reason }
}
