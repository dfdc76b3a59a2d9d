import type { Action } from '../plan/contract.ts'
import { receiptOf, setPointOf, stepsOf, type Way } from './attempt.ts'
import type { NotApplied } from './contract.ts'
import type { Seen } from './open-target.ts'
import type { ReceiptInput, Run } from './step.ts'

/** What a target said to a set-point that it was only asked about, and what is kept of that. */
export type Rehearsal = { kind: 'accepted'; receipt: ReceiptInput } | TurnedDown
export type TurnedDown = { kind: 'turned-down'; outcome: NotApplied; receipt: ReceiptInput }

/** The server-side dry run before a write: it changes nothing. */
export async function rehearse(
  { lease }: Pick<Run, 'lease'>,
  way: Way,
  action: Action,
  { adapter, observation: { lock } }: Seen,
): Promise<Rehearsal> {
  const setPoint = setPointOf(lease, way, action)
  const { replicas, fencingToken } = setPoint
  const outcome = await adapter.dryRun(lock, setPoint)
  const request = { replicas, lock, fencingToken }
  const receipt = receiptOf(action, stepsOf(way).rehearse, outcome.kind, outcome.raw, request)
  return outcome.kind === 'accepted'
    ? { kind: 'accepted', receipt }
    : { kind: 'turned-down', outcome, receipt }
}
