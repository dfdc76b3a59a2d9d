import type { Json } from '../audit/contract.ts'
import type { DispatchStateName } from '../governance/contract.ts'
import type { ApprovedPlan, UsingUp } from '../governance/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Dispatch, Prisma, Tx } from '../kernel/db.ts'
import { transact } from '../kernel/transact.ts'
import { type PoolObservation, recordObservation } from '../plan/index.ts'
import type { Gates } from './gate.ts'
import { keepStep } from './keep-step.ts'
import type { Known } from './known.ts'
import { type Lease, LeaseLostError, leaseEnd } from './lease.ts'
import type { Leg } from './legs.ts'
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
  /** Actions as they are from now on. */
  legs?: readonly Leg[]
  /** What targets were seen to be. */
  observed?: readonly PoolObservation[]
  /** It stands still from now on because all dispatch is stopped, or goes on. */
  halted?: boolean
  /** Gives the dispatch back and has it delivered again after so many seconds. */
  againInSeconds?: number
}

const settledStates: DispatchStateName[] = ['verified', 'failed', 'void', 'rolled_back']

/**
 * Commits one step: state, actions, receipts, what was observed, the next job and the audit entry together or not at all.
 * @throws LeaseLostError, with nothing kept, if another worker holds a higher token by now
 */
export async function commitStep(run: Run, step: Step): Promise<void> {
  await transact(run.ctx, (tx) => writeStep(run, tx, step))
  follow(run, step)
}

/** What the go knows follows a step that was committed. */
export function follow(run: Run, { to, legs = [], unclear }: Step): void {
  run.state = to ?? run.state
  const moved = new Map(legs.map((leg) => [leg.row.position, leg]))
  run.legs = run.legs.length === 0 ? legs : run.legs.map((leg) => moved.get(leg.row.position) ?? leg)
  if (unclear === false) run.unclearSince = null
  if (unclear) run.unclearSince ??= run.ctx.clock.now()
}

/** The same inside a transaction that the caller has open and does nothing more in; the caller has the go `follow` it. */
export async function writeStep(run: Run, tx: Tx, step: Step, using: UsingUp | null = null): Promise<void> {
  const { ctx, lease, state } = run
  const { dispatchId, decisionId, fencingToken } = lease
  const { to, receipts = [], legs = [], observed = [], audit = [], againInSeconds } = step
  const now = ctx.clock.now()
  for (const observation of observed) await recordObservation(tx, observation)
  if (againInSeconds !== undefined) {
    const options = { startAfterSeconds: againInSeconds, key: decisionId }
    await ctx.queue.send(tx, 'dispatch', { decisionId }, options)
  }
  const kept = await keepStep(
    tx,
    ctx,
    { ...lease, state },
    {
      changes: { updatedAt: now, ...holding(run, step, now), ...progress(run, step, now) },
      actions: legs.map(({ row }) => row),
      receipts: receipts.map((receipt) => ({ id: ctx.ids.uuid(), at: now, ...receipt })),
      using,
      announced: to !== undefined || receipts.length > 0,
      entries: [audit].flat().map(({ action, body }) => ({
        ...{ stage: 'dispatch', action, subject: `decision/${decisionId}` },
        body: { dispatchId, fencingToken, ...body },
      })),
    },
  )
  if (!kept) throw new LeaseLostError(lease)
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

function progress(run: Run, step: Step, now: Date): Partial<Dispatch> {
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
