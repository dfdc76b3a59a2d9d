import { type Action, controlOf } from '../plan/contract.ts'
import type { Observation, SetPoint } from './contract.ts'
import type { Lease } from './lease.ts'
import type { Leg } from './legs.ts'
import type { ReceiptInput, Run } from './step.ts'

/** *forward*: what was approved is written. *back*: what was written is taken back, as was approved with it. */
export type Way = 'forward' | 'back'

/** One worker's work on one action of a decision. */
export type Attempt = {
  run: Run
  way: Way
  position: number
  /** What is to be written: the action itself, or of its way back. */
  action: Action
  /** The version that the write presupposes: the approved one, or the one that our own write left. */
  boundVersion: string | null
  /** A write of this or an earlier worker was sent on this way and may have been taken. */
  maySent: boolean
  /** Until when one that was not answered may still be taken; null where all of them were. */
  mayLandUntil: Date | null
  /** How many were not, and have not had their time since. */
  unanswered: number
  /** It was read that what was sent had no effect, and can have none any more. */
  hadNoEffect: boolean
  /** How many were not clearly turned down. */
  unclearWrites: number
  /** What is applied with it: itself alone, or with it all of its stage, or of the plan. */
  completes: 'action' | 'stage' | 'plan'
}

/**
 * Answers that say for certain that a write was not taken. A conflict does not: what repeats requests on their way is told so of
 * the second, after the first was taken. It does say that nothing of it is under way any more.
 */
const turnedDown = ['refused', 'retryable']

/** Of a write that was not answered: it was read that it had no effect, when it could no more have one. */
export const noEffect = 'no effect'

const stepNames = {
  forward: { rehearse: 'dry-run', write: 'apply', settle: 'read-back', watch: 'verify' },
  back: { rehearse: 'undo-dry-run', write: 'undo', settle: 'undo-read-back', watch: 'undo-verify' },
} as const satisfies Record<Way, Record<string, ReceiptInput['step']>>

/** What the steps of a way are called in the receipts. */
export const stepsOf = (way: Way) => stepNames[way]

/** @throws Error if the approval binds no version of the action's target: then nothing may be written at all */
export function beginAttempt(run: Run, { action, row }: Leg, completes: Attempt['completes']): Attempt {
  const bound = run.binding.targets.find(({ targetId }) => targetId === action.targetId)
  if (bound === undefined)
    throw new Error(`The approval ${run.lease.decisionId} binds no version of ${action.targetId}.`)
  const sent = maybeSent(run, action.targetId, 'forward')
  const boundVersion = bound.observedVersion
  return { run, way: 'forward', position: row.position, action, boundVersion, ...sent, completes }
}

/** The same for what takes an action back; null where the approval has nothing that does. */
export function beginWayBack(run: Run, { action, row }: Leg): Attempt | null {
  const back = inverseOf(run)?.find(({ targetId }) => targetId === action.targetId)
  if (back === undefined) return null
  const sent = maybeSent(run, action.targetId, 'back')
  const { position, appliedVersion: boundVersion } = row
  return { run, way: 'back', position, action: back, boundVersion, ...sent, completes: 'action' }
}

/** What may be written to take the plan back; null where nothing may. */
export function inverseOf({ binding }: Run): Action[] | null {
  return binding.format === 'infrasage-approval/2' ? binding.inverse : null
}

type Sent = Pick<Attempt, 'maySent' | 'mayLandUntil' | 'unanswered' | 'hadNoEffect' | 'unclearWrites'>

/** What earlier goes sent, and whether they were answered. */
function maybeSent(run: Run, targetId: string, way: Way): Sent {
  const step = stepsOf(way).write
  const writes = run.writes.filter((write) => write.targetId === targetId && write.step === step)
  const sent = writes.filter(({ outcome }) => outcome === 'sent')
  const conflicts = writes.filter(({ outcome }) => outcome === 'conflict')
  const count = (outcomes: string[]) => writes.filter(({ outcome }) => outcomes.includes(outcome)).length
  const unclearWrites = sent.length - count(turnedDown) - conflicts.length
  const lastAt = Math.max(0, ...sent.map(({ at }) => at.getTime()))
  // A later write was let go by a reading at the bound version: the conflict before it was one.
  const conflicted = conflicts.some(({ at }) => at.getTime() >= lastAt)
  const settled = count([noEffect])
  const unanswered = unclearWrites - settled
  const mayLandUntil = unanswered > 0 ? mayLandAfter(run, lastAt) : null
  const maySent = mayLandUntil !== null || conflicted
  return { maySent, mayLandUntil, unanswered, hadNoEffect: settled > 0, unclearWrites }
}

/** Until when a write that is let go at `atMs` may be taken. */
export function mayLandAfter({ settings }: Pick<Run, 'settings'>, atMs: number): Date {
  return new Date(atMs + settings.mayLandSeconds * 1_000)
}

/** The set-point of an action, with what makes a target take it once. The way back is another write than the way there. */
export function setPointOf(lease: Lease, way: Way, action: Action): SetPoint {
  return {
    replicas: action.toReplicas,
    control: controlOf[action.kind],
    final: action.kind === 'cancel',
    dispatchId: way === 'forward' ? lease.dispatchId : `${lease.dispatchId}/undo`,
    fencingToken: lease.fencingToken,
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
