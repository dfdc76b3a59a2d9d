import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import type { Decision, Dispatch, Proposal } from '../kernel/generated/client.ts'
import type { PlanContent, PlanInput } from '../plan/contract.ts'
import { whyNotStillApproved } from './approval-rules/still-approved.ts'
import { bindingHash, conditionsIn, movesSince } from './binding.ts'
import { brokenBounds, waitsForTelemetry } from './bounds.ts'
import { conditionsNow, replanNow, worldNow } from './conditions.ts'
import { type ApprovalBinding, bindingOf } from './contract.ts'
import { whyNotInLog } from './in-log.ts'
import { lockSharedLimits } from './lock-limits.ts'
import { whyPassed } from './newer-approval.ts'
import { lockedProposal } from './open-proposal.ts'
import type { World } from './reserved.ts'
import { ruleMoves } from './rule-moves.ts'
import { storedBinding, storedContent, storedWaiver } from './stored.ts'
import { instant } from './words.ts'

export type ApprovalUnderLock = {
  decision: Decision & { dispatch: Pick<Dispatch, 'state'> | null }
  proposal: Proposal
  /** Number of the newest decision on the proposal: a later one takes an approval's force. */
  newestNumber: number
}

/** A decision and its proposal, both locked until the transaction ends. @throws NotFoundError */
export async function lockedApproval(tx: Tx, decisionId: string): Promise<ApprovalUnderLock> {
  const found = await tx.decision.findUnique({ where: { id: decisionId }, select: { proposalId: true } })
  if (!found) throw new NotFoundError('decision', decisionId)
  const proposal = await lockedProposal(tx, found.proposalId)
  await tx.$executeRaw`SELECT 1 FROM "Decision" WHERE "id" = ${decisionId}::uuid FOR UPDATE`
  const decision = await tx.decision.findUniqueOrThrow({
    where: { id: decisionId },
    include: { dispatch: { select: { state: true } } },
  })
  const newest = await tx.decision.findFirst({
    where: { proposalId: proposal.id },
    orderBy: { number: 'desc' },
    select: { number: true },
  })
  return { decision, proposal, newestNumber: newest?.number ?? decision.number }
}

/** Why a decision gives no right to act at all, whatever the world looks like; null if it does. */
export function whyNotRedeemable({ decision, proposal, newestNumber }: ApprovalUnderLock): string | null {
  if (decision.kind !== 'approve' && decision.kind !== 'override') {
    return `Decision ${decision.number} on #${proposal.number} is no approval but "${decision.kind}".`
  }
  if (proposal.state !== 'approved') return `#${proposal.number} is ${proposal.state}, not approved.`
  if (newestNumber !== decision.number) {
    return `Decision ${decision.number} on #${proposal.number} was followed by another one.`
  }
  return null
}

/** That the time is over in which it was to be carried out; empty while it is not. */
export function whyOver(
  { clock }: Context,
  { decision, proposal }: Pick<ApprovalUnderLock, 'decision' | 'proposal'>,
): string[] {
  const over = decision.notAfter ?? proposal.expiresAt
  const what = decision.notAfter ? 'its window was over' : 'it expired'
  return over <= clock.now() ? [`it was not carried out before ${what} at ${instant(over)}`] : []
}

/**
 * The world with what the plan writes at the levels that it was approved at, which the bound versions stand for: its
 * set-points, and the peak on the way to them, are judged from there, whatever of it stands by now.
 */
function asApproved({ own, others, reserved }: World, { actions }: ApprovalBinding): World {
  const from = new Map(actions.map(({ targetId, fromReplicas }) => [targetId, fromReplicas]))
  const at = <P extends PlanInput['capacity']>(pool: P): P => ({
    ...pool,
    desiredReplicas: from.get(pool.targetId) ?? pool.desiredReplicas,
  })
  const seen = (input: PlanInput): PlanInput => ({
    ...input,
    capacity: at(input.capacity),
    otherPools: input.otherPools.map(at),
  })
  return { own: seen(own), others: others.map(seen), reserved }
}

/**
 * What stands against carrying the approval out now: its bytes, what the log says of it, its time, anything bound that moved, bounds of the policy
 * in force. `observed` null: the target may carry our own effect by now, so its version is not compared. `waits`: nothing but telemetry
 * that is too old. `forged`: it is no approval at all, and gives no right to take anything back either.
 */
export async function whyNotNow(
  tx: Tx,
  ctx: Context,
  { decision, proposal }: ApprovalUnderLock,
  observed: ApprovalBinding['targets'] | null,
): Promise<{
  reasons: string[]
  forged: boolean
  waits: boolean
  binding: ApprovalBinding
  content: PlanContent
}> {
  const content = storedContent(decision.sent ?? decision.seen)
  const binding = storedBinding(decision.binding)
  const ofContent = bindingHash(bindingOf(proposal.id, content))
  const forged =
    bindingHash(binding) !== decision.contentHash || ofContent !== decision.contentHash
      ? `the stored plan of decision ${decision.number} is not the one that was approved`
      : await whyNotInLog(tx, decision, { redeemed: observed === null })
  if (forged !== null) return { reasons: [forged], forged: true, waits: false, binding, content }
  if (observed !== null) await lockSharedLimits(tx, proposal.touchedWorkloadIds, content)
  let waits = false
  const reasons: string[] = []
  if (observed !== null) {
    reasons.push(...whyOver(ctx, { decision, proposal }))
    reasons.push(...(await whyPassed(tx, ctx, { decision, proposal })))
    reasons.push(...(await whyNotStillApproved(tx, ctx, decision, proposal, content)))
  }
  try {
    // What was approved later and is not redeemed was judged beside this one, and waits for it.
    const ours = { proposalId: proposal.id, before: observed === null ? 0 : decision.number }
    const world = await worldNow(tx, ctx, proposal.workloadId, content, { ours })
    const now = conditionsNow(world, proposal.id, content)
    reasons.push(...movesSince(conditionsIn(binding), { ...now, targets: observed ?? binding.targets }))
    const waiver = decision.waiver === null ? null : storedWaiver(decision.waiver)
    const fresh = replanNow(asApproved(world, binding), content)
    reasons.push(...ruleMoves(content, fresh))
    waits = reasons.length === 0 && waitsForTelemetry(fresh, waiver)
    reasons.push(...brokenBounds(fresh, waiver))
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    reasons.push(error.message)
  }
  return { reasons, forged: false, waits, binding, content }
}
