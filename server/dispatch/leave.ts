import { type ApprovedPlan, type Asked, haltedBy, resume, transactAsked } from '../governance/index.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import type { Action } from '../plan/contract.ts'
import { type Attempt, receiptOf, stepsOf, type Way } from './attempt.ts'
import type { Seen } from './open-target.ts'
import { assertLease, follow, type ReceiptInput, type Run, type Step, writeStep } from './step.ts'

/** For so long after it was redeemed a plan is not judged again. */
const freshMs = 2_000

export type Leave =
  | { kind: 'go'; plan: ApprovedPlan; at: Date }
  | { kind: 'stay' | 'halt'; why: string }
  | { kind: 'wait'; why: string; waitsFor: string }

/**
 * Lets one write go, or says why not. That it is about to go is committed first, under the fencing token and the policy in force: a
 * worker that was replaced stops here, and whoever takes over after a crash knows that a write may be under way.
 */
export async function letGo(attempt: Attempt, seen: Seen, rehearsed: ReceiptInput): Promise<Leave> {
  const { run, way, action } = attempt
  const step = aboutToGo(run, way, { action, seen }, rehearsed)
  const at = run.ctx.clock.now()
  const leave = await transactAsked(run.ctx, async (tx, asked) => {
    await assertLease(run, tx)
    const given = await askLeave(attempt, at, tx, asked)
    if (given.kind === 'go') await writeStep(run, tx, step)
    return given
  })
  if (leave.kind === 'go') follow(run, step)
  return leave
}

/** What is kept of a write before it goes. */
export function aboutToGo(
  { lease: { fencingToken } }: Pick<Run, 'lease'>,
  way: Way,
  { action, seen }: { action: Action; seen: Seen },
  rehearsed: ReceiptInput,
) {
  const { targetId, toReplicas } = action
  const { lock, version } = seen.observation
  const request = { replicas: toReplicas, lock, fencingToken }
  return {
    ...(way === 'forward' ? { to: 'dispatching' as const } : {}),
    halted: false,
    receipts: [rehearsed, receiptOf(action, stepsOf(way).write, 'sent', {}, request)],
    audit: {
      action: way === 'forward' ? 'dispatch.sent' : 'dispatch.undo-sent',
      body: { targetId, version, ...request },
    },
  } satisfies Step
}

/**
 * The approved plan, if it may still be carried out: stages take their time, a worker may have died, and policy or prices have
 * moved; the budget is held against the parallel peak once more. What takes it back was approved with it, and leads to where
 * things stood: nothing that moved since is in its way. While all dispatch is stopped nothing is written at all, but for what a
 * person asked to take back.
 */
async function askLeave({ run, way }: Attempt, at: Date, tx: Tx, asked: Asked): Promise<Leave> {
  const { redeemed, ctx } = run
  // It was held against everything a moment ago, when it was redeemed; only the switch may be turned at any time.
  if (way === 'forward' && redeemed && ctx.clock.now().getTime() - redeemed.at.getTime() <= freshMs) {
    const why = await haltedBy(tx)
    return why === null ? { kind: 'go', plan: redeemed.plan, at } : { kind: 'halt', why }
  }
  try {
    const { decisionId, dispatchId, redrivenAt } = run.lease
    const input = { decisionId, again: redrivenAt !== null, way }
    const { plan, moved, waits, halted } = await resume({ ctx: run.ctx, tx, input, asked })
    if (halted !== null && !(way === 'back' && (await isAskedBack(tx, dispatchId))))
      return { kind: 'halt', why: halted }
    if (way === 'back' || moved.length === 0) return { kind: 'go', plan, at }
    const why = `Since the approval, ${moved.join('; ')}.`
    return waits === null ? { kind: 'stay', why } : { kind: 'wait', why, waitsFor: waits }
  } catch (error) {
    if (error instanceof ConflictError) return { kind: 'stay', why: error.message }
    throw error
  }
}

/** Whether a person asked to take it back: that goes on while all dispatch is stopped. */
async function isAskedBack(tx: Tx, dispatchId: string): Promise<boolean> {
  return (await tx.dispatch.count({ where: { id: dispatchId, takeBackAt: { not: null } } })) > 0
}
