import type { ApprovedPlan } from '../governance/index.ts'
import type { ScaleAction } from '../plan/contract.ts'
import type { Observation, SetPoint } from './contract.ts'
import type { ReceiptInput, Run } from './step.ts'

/** One worker's work on one action of an approved plan. */
export type Attempt = {
  run: Run
  plan: ApprovedPlan
  action: ScaleAction
  approvedVersion: string
  setPoint: SetPoint
  /** A write of this or an earlier worker was sent and not clearly turned down. */
  maySent: boolean
  /** Whether this is the plan's last action: with it the whole dispatch is applied. */
  last: boolean
}

/** Answers that say for certain that a write was not taken. */
const turnedDown = ['refused', 'conflict', 'retryable']

/** @throws Error if the approval binds no version of the action's target: then nothing may be written at all */
export async function beginAttempt(
  run: Run,
  plan: ApprovedPlan,
  action: ScaleAction,
  last: boolean,
): Promise<Attempt> {
  const { ctx, lease } = run
  const { targetId, toReplicas } = action
  const bound = plan.binding.targets.find((target) => target.targetId === targetId)
  if (bound === undefined)
    throw new Error(`The approval ${lease.decisionId} binds no version of ${targetId}.`)
  const writes = await ctx.db.receipt.findMany({
    where: { dispatchId: lease.dispatchId, targetId, step: 'apply' },
    select: { outcome: true },
  })
  const sent = writes.filter(({ outcome }) => outcome === 'sent').length
  const clear = writes.filter(({ outcome }) => turnedDown.includes(outcome)).length
  return {
    run,
    plan,
    action,
    approvedVersion: bound.observedVersion,
    setPoint: { replicas: toReplicas, dispatchId: lease.dispatchId, fencingToken: lease.fencingToken },
    maySent: sent > clear,
    last,
  }
}

/** What is kept of one request to a target and its answer. */
export function receiptOf(
  { targetId }: { targetId: string },
  step: ReceiptInput['step'],
  outcome: string,
  raw: Record<string, unknown>,
  request: ReceiptInput['request'] = {},
): ReceiptInput {
  return { targetId, step, outcome, request, response: JSON.parse(JSON.stringify(raw)) }
}

/** The same for a read. */
export function readReceipt(
  target: { targetId: string },
  step: ReceiptInput['step'],
  outcome: string,
  { raw, version }: Observation,
): ReceiptInput {
  return receiptOf(target, step, outcome, { ...raw, version })
}
