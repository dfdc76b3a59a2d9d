import type { Action } from '../plan/contract.ts'
import { type Attempt, inverseOf, noEffect, readReceipt, stepsOf, type Way } from './attempt.ts'
import type { Observation, TargetAdapter } from './contract.ts'
import { fail, pause, sentence } from './endings.ts'
import { type Leg, movedLegs } from './legs.ts'
import { lookOnce, type Seen } from './open-target.ts'
import { type Readiness, readinessOf } from './readiness.ts'
import { commitStep, type ReceiptInput, type Run, type Step } from './step.ts'
import { levelWords, waitingWords } from './wording.ts'

/** What is looked at: the legs of one stage on one way, and whether nothing comes after it. */
export type Watch = { legs: Leg[]; way: Way; last: boolean }

type Standing = {
  leg: Leg
  /** What is looked at on this way: the action, or what takes it back. */
  action: Action
  adapter: TargetAdapter
  observation: Observation
  at: Date
  readiness: Readiness
  receipt: ReceiptInput | null
}

/**
 * The gate after a stage: reads back that every set-point of it stands, then that what was asked for is ready. One look per
 * call; between looks the dispatch is given back and no worker waits. True if all of it is ready; false if it waits, or
 * has not become ready in time and failed, in words. With the last stage the dispatch is verified.
 */
export async function verifyStage(run: Run, watch: Watch): Promise<boolean> {
  const { legs, way } = watch
  const now = run.ctx.clock.now()
  const waitedSeconds = waitedSince(watch, now)
  const late = await isLate(run, legs, waitedSeconds)
  const standings: Standing[] = []
  for (const leg of legs) {
    const look = await lookOnce(run, leg.action.targetId)
    if (look.kind === 'unseen') {
      const what = way === 'forward' ? 'The set-point was applied' : 'It was taken back'
      const note = `${what}; whether it is ready is not known: ${sentence(look.message)}`
      if (late) await fail(run, { note, position: leg.row.position })
      else await pause(run, Math.max(nextLookSeconds(run, waitedSeconds), look.retryInSeconds ?? 0), note)
      return false
    }
    standings.push(await standingOf(run, leg, way, look, now))
  }
  const observed = standings.map(({ observation, leg, at }) => {
    const { desiredReplicas, readyReplicas, version } = observation
    return { targetId: leg.action.targetId, desiredReplicas, readyReplicas, version, at }
  })
  const failed = failureOf(standings, way, waitedSeconds, late)
  if (failed) {
    await fail(run, failed)
    return false
  }
  const ready = standings.every(({ readiness }) => readiness === 'ready')
  const positions = legs.map(({ row }) => row.position)
  const state =
    way === 'forward' ? ({ state: 'verified', verifiedAt: now } as const) : ({ state: 'undone' } as const)
  const moved = ready ? movedLegs(run, positions, state) : []
  await commitStep(run, { ...stepOf(run, watch, standings, waitedSeconds), legs: moved, observed })
  return ready
}

/** Since the last of them was written. */
function waitedSince({ legs, way }: Watch, now: Date): number {
  const times = legs.flatMap(({ row }) => (way === 'forward' ? row.appliedAt : row.takenBackAt) ?? [])
  return (now.getTime() - Math.max(...times.map((at) => at.getTime()), 0)) / 1_000
}

async function standingOf(
  run: Run,
  leg: Leg,
  way: Way,
  { adapter, observation }: Seen,
  at: Date,
): Promise<Standing> {
  const { targetId } = leg.action
  const back = inverseOf(run)?.find((action) => action.targetId === targetId)
  const action = way === 'back' && back ? back : leg.action
  const own = { dispatchId: run.lease.dispatchId, targetId }
  const since = (way === 'forward' ? leg.row.appliedAt : leg.row.takenBackAt) ?? at
  const { settle, watch } = stepsOf(way)
  const { fromReplicas, toReplicas } = action
  const overtaken =
    observation.desiredReplicas !== toReplicas && (await othersMayHaveWritten(run, targetId, since))
  const last = await run.ctx.db.receipt.findFirst({
    where: { ...own, step: { in: [settle, watch] } },
    orderBy: { at: 'desc' },
    select: { outcome: true },
  })
  // A receipt of the first look, and of every later one that saw something new.
  const outcome = readyOutcome(observation)
  return {
    leg,
    action,
    adapter,
    observation,
    at,
    readiness: readinessOf({ fromReplicas, toReplicas, observed: observation, overtaken }),
    receipt:
      last?.outcome === outcome
        ? null
        : readReceipt(leg.action, last === null ? settle : watch, outcome, observation),
  }
}

/** Whether another dispatch wrote the target since, and was not clearly turned down. */
async function othersMayHaveWritten({ ctx, lease }: Run, targetId: string, since: Date): Promise<boolean> {
  const { dispatchId } = lease
  const writes = await ctx.db.receipt.findMany({
    where: { targetId, step: { in: ['apply', 'undo'] }, dispatchId: { not: dispatchId }, at: { gte: since } },
    select: { outcome: true },
  })
  const sent = writes.filter(({ outcome }) => outcome === 'sent').length
  return sent > writes.filter(({ outcome }) => turnedDown.has(outcome)).length
}

const turnedDown = new Set(['refused', 'retryable', noEffect])

function readyOutcome({ readyReplicas, desiredReplicas, awaits }: Observation): string {
  const counted = `${readyReplicas} of ${desiredReplicas} ready`
  return awaits === null ? counted : `${counted}, waiting for ${awaits}`
}

/**
 * The same for the look that came with a write: what is not ready then need not be looked at again to know that its stage waits.
 * The step that gives the dispatch back; null if it is ready.
 */
export function waitAfterWrite(
  { run, action, way }: Attempt,
  { adapter, observation }: Seen,
  answered: ReceiptInput['step'],
): { note: string; receipts: ReceiptInput[]; againInSeconds: number } | null {
  const aftermath = { ...action, observed: observation, overtaken: false }
  if (readinessOf(aftermath) !== 'waiting') return null
  const { settle, watch } = stepsOf(way)
  const step = answered === settle ? watch : settle
  return {
    note: sentence(waitingWords({ action, adapter }, observation)),
    receipts: [readReceipt(action, step, readyOutcome(observation), observation)],
    againInSeconds: nextLookSeconds(run, 0),
  }
}

/** What cannot become ready any more, or has not in time. */
function failureOf(standings: Standing[], way: Way, waitedSeconds: number, late: boolean) {
  const receipts = standings.flatMap(({ receipt }) => receipt ?? [])
  const written = way === 'forward' ? 'was applied' : 'was written to take it back'
  const moved = standings.find(({ readiness }) => readiness === 'moved')
  if (moved) {
    const { leg, action, observation } = moved
    const note =
      `The set-point of ${levelWords(moved, action.toReplicas)} ${written}, but "${action.targetName}" was changed to ` +
      `${levelWords(moved, observation.desiredReplicas)} before all of it was ready, so it could not be verified.`
    return { note, receipts, position: leg.row.position }
  }
  const waiting = standings.find(({ readiness }) => readiness === 'waiting')
  if (!waiting || !late) return null
  const waited = `after ${Math.round(waitedSeconds)} s`
  const note = `The set-point stands, but ${waited} it has not taken effect: ${waitingWords(waiting, waiting.observation)}. Look at the target, or roll back.`
  return { note, receipts, position: waiting.leg.row.position }
}

function stepOf(run: Run, { way, last }: Watch, standings: Standing[], waitedSeconds: number): Step {
  const receipts = standings.flatMap(({ receipt }) => receipt ?? [])
  const waiting = standings.find(({ readiness }) => readiness === 'waiting')
  if (waiting) {
    return {
      note: sentence(waitingWords(waiting, waiting.observation)),
      receipts,
      againInSeconds: nextLookSeconds(run, waitedSeconds),
    }
  }
  const targets = standings.map(({ leg, observation }) => ({
    targetId: leg.action.targetId,
    desiredReplicas: observation.desiredReplicas,
    readyReplicas: observation.readyReplicas,
    version: observation.version,
  }))
  if (way === 'forward' && last) {
    return { to: 'verified', note: null, receipts, audit: { action: 'dispatch.verified', body: { targets } } }
  }
  const action = way === 'forward' ? 'dispatch.stage-verified' : 'dispatch.stage-undone'
  return { note: null, receipts, audit: { action, body: { targets } } }
}

/** Soon at first, then ever more rarely: a quarter of the time waited so far. */
function nextLookSeconds({ settings }: Run, waitedSeconds: number): number {
  return Math.min(
    Math.max(Math.ceil(waitedSeconds / 4), settings.shortestPauseSeconds),
    settings.longestPauseSeconds,
  )
}

/** Whether what was asked for had its time to become ready, which is longer where the offering takes long. */
async function isLate(run: Run, legs: Leg[], waitedSeconds: number): Promise<boolean> {
  if (waitedSeconds <= run.settings.readyTimeoutSeconds) return false
  const pools = await run.ctx.db.pool.findMany({
    where: { targetId: { in: legs.map(({ action }) => action.targetId) } },
    include: { offering: true },
  })
  return pools.every(({ offering }) => waitedSeconds > 3 * offering.leadTimeP90Seconds)
}
