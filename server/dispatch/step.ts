import type { Json } from '../audit/contract.ts'
import { appendAll } from '../audit/index.ts'
import type { DispatchStateName } from '../governance/contract.ts'
import type { ApprovedPlan } from '../governance/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Prisma, Tx } from '../kernel/db.ts'
import { transact } from '../kernel/transact.ts'
import type { Gates } from './gate.ts'
import type { Known } from './known.ts'
import { type Lease, LeaseLostError, leaseEnd } from './lease.ts'
import type { Seen } from './open-target.ts'
import type { DispatchSettings } from './settings.ts'

/** One worker's go at one dispatch. `state` and what is `known` follow what was committed. */
export type Run = Known & {
  ctx: Context
  lease: Lease
  settings: DispatchSettings
  state: DispatchStateName
  /** What this go passed through to the connections of its targets. */
  gates: Gates
  /** Since when nobody knows whether a write was taken; null while that is known. */
  unclearSince: Date | null
  /** What this go redeemed, and when; null where an earlier one did. */
  redeemed: { plan: ApprovedPlan; at: Date } | null
  /** Targets as this go read them, each for the next step that needs it, and for no other. */
  seen: Map<string, Seen>
}

type ForwardStep = 'dry-run' | 'apply' | 'read-back' | 'verify'

/** What was asked of a target and what it answered. */
export type ReceiptInput = {
  targetId: string
  step: 'observe' | ForwardStep | `undo-${Exclude<ForwardStep, 'apply'>}` | 'undo'
  outcome: string
  request: Prisma.InputJsonObject
  response: Prisma.InputJsonObject
}

type StepEntry = { action: string; body: { [key: string]: Json } }

/** One step of a dispatch: where it goes, what a person should know, what the target said, what the log keeps. */
export type Step = {
  to?: DispatchStateName
  note?: string | null
  receipts?: ReceiptInput[]
  audit?: StepEntry | readonly StepEntry[]
  /** True: a write may have been taken, and nobody knows. False: that is known now. */
  unclear?: boolean
  /** Nobody carries it on until a person has it tried again or closes it. `position`: where it stopped; null before the first action. */
  dead?: { position: number | null }
  /** It stands still from now on because all dispatch is stopped, or goes on. */
  halted?: boolean
  /** Gives the dispatch back and has it delivered again after so many seconds. */
  againInSeconds?: number
}

const settledStates: DispatchStateName[] = ['verified', 'failed', 'void', 'rolled_back']

/**
 * Commits one step: state, receipts, what `also` does, the next job and the audit entry together or not at all. The row of the
 * dispatch is moved, and so locked, before anything else is.
 * @throws LeaseLostError, with nothing kept, if another worker holds a higher token by now
 */
export async function commitStep(run: Run, step: Step, also?: (tx: Tx) => Promise<void>): Promise<void> {
  await transact(run.ctx, (tx) => writeStep(run, tx, step, also))
  run.state = step.to ?? run.state
  if (step.unclear === false) run.unclearSince = null
  if (step.unclear) run.unclearSince ??= run.ctx.clock.now()
}

/** The same inside a transaction that the caller has open; the caller sets `run.state` after its commit. */
export async function writeStep(
  run: Run,
  tx: Tx,
  step: Step,
  also?: (tx: Tx) => Promise<void>,
): Promise<void> {
  const { ctx, lease } = run
  const { dispatchId, decisionId, fencingToken } = lease
  const now = ctx.clock.now()
  const { count } = await tx.dispatch.updateMany({
    where: { id: dispatchId, fencingToken, state: run.state },
    data: { updatedAt: now, ...holding(run, step, now), ...progress(run, step, now) },
  })
  if (count === 0) throw new LeaseLostError(lease)
  await also?.(tx)
  const { to, receipts = [], audit = [], againInSeconds } = step
  if (receipts.length > 0) {
    const rows = receipts.map((receipt) => ({ id: ctx.ids.uuid(), dispatchId, at: now, ...receipt }))
    await tx.receipt.createMany({ data: rows })
  }
  if (againInSeconds !== undefined) {
    const options = { startAfterSeconds: againInSeconds, key: decisionId }
    await ctx.queue.send(tx, 'dispatch', { decisionId }, options)
  }
  const tells = to !== undefined || receipts.length > 0
  await appendAll(tx, ctx, {
    changes: tells ? [{ topic: 'dispatch', id: decisionId }] : [],
    entries: [audit].flat().map(({ action, body }) => ({
      ...{ stage: 'dispatch', action, subject: `decision/${decisionId}` },
      body: { dispatchId, fencingToken, ...body },
    })),
  })
}

/** Locks the dispatch for this transaction, before anything else is locked. @throws LeaseLostError as `commitStep` does */
export async function assertLease({ ctx, lease, state }: Run, tx: Tx): Promise<void> {
  const { count } = await tx.dispatch.updateMany({
    where: { id: lease.dispatchId, fencingToken: lease.fencingToken, state },
    data: { updatedAt: ctx.clock.now() },
  })
  if (count === 0) throw new LeaseLostError(lease)
}

/** Who holds the dispatch after the step. A pause ends a second early, so that the job it waits for is not turned away. */
function holding(run: Run, step: Step, now: Date): { leaseOwner?: null; leaseUntil: Date | null } {
  if (step.dead || (step.to !== undefined && settledStates.includes(step.to)))
    return { leaseOwner: null, leaseUntil: null }
  if (step.againInSeconds === undefined) return { leaseUntil: leaseEnd(now, run.settings) }
  const pauseMs = Math.max(0, step.againInSeconds * 1_000 - 1_000)
  return { leaseOwner: null, leaseUntil: new Date(now.getTime() + pauseMs) }
}

function progress(run: Run, step: Step, now: Date): Prisma.DispatchUpdateManyMutationInput {
  return {
    ...(step.to === undefined ? {} : { state: step.to }),
    ...(step.note === undefined ? {} : { note: step.note }),
    ...(step.to === 'applied' && run.state !== 'applied' ? { appliedAt: now } : {}),
    ...(step.to === 'verified' ? { verifiedAt: now } : {}),
    ...(step.to === 'rolling_back' ? { rollingBackAt: now } : {}),
    ...(step.unclear === undefined ? {} : { unknownAt: step.unclear ? (run.unclearSince ?? now) : null }),
    ...(step.halted === undefined ? {} : { haltedAt: step.halted ? now : null }),
    ...(step.dead ? { deadAt: now, deadPosition: step.dead.position } : {}),
    // It was given back in order.
    ...(step.againInSeconds === undefined ? {} : { crashes: 0 }),
  }
}
