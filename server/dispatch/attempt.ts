import type { ApprovalBinding } from '../governance/contract.ts'
import type { Action } from '../plan/contract.ts'
import type { Observation, SetPoint } from './contract.ts'
import type { ReceiptInput, Run } from './step.ts'

/** One worker's work on one action of a decision. */
export type Attempt = {
  run: Run
  action: Action
  approvedVersion: string
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
  binding: ApprovalBinding,
  action: Action,
  last: boolean,
): Promise<Attempt> {
  const { ctx, lease } = run
  const { targetId } = action
  const bound = binding.targets.find((target) => target.targetId === targetId)
  if (bound === undefined)
    throw new Error(`The approval ${lease.decisionId} binds no version of ${targetId}.`)
  const writes = await ctx.db.receipt.findMany({
    where: { dispatchId: lease.dispatchId, targetId, step: 'apply' },
    select: { outcome: true },
  })
  const sent = writes.filter(({ outcome }) => outcome === 'sent').length
  const clear = writes.filter(({ outcome }) => turnedDown.includes(outcome)).length
  return { run, action, approvedVersion: bound.observedVersion, maySent: sent > clear, last }
}

/** The set-point of an action, with what makes a target take it once. */
export function setPointOf({ lease }: Run, { kind, toReplicas }: Action): SetPoint {
  const { dispatchId, fencingToken } = lease
  return { replicas: toReplicas, dispatchId, fencingToken, ...(kind === 'cancel' ? { final: true } : {}) }
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
