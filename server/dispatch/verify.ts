import type { ApprovalBinding } from '../governance/contract.ts'
import type { Action } from '../plan/contract.ts'
import { recordObservation } from '../plan/index.ts'
import { readReceipt } from './attempt.ts'
import type { Observation } from './contract.ts'
import { fail, pause, sentence } from './endings.ts'
import { lookAt } from './open-target.ts'
import { type Readiness, readinessOf } from './readiness.ts'
import { commitStep, type ReceiptInput, type Run, type Step } from './step.ts'

type Standing = {
  action: Action
  observation: Observation
  at: Date
  readiness: Readiness
  receipt: ReceiptInput | null
}

/**
 * applied → verified: reads back that every set-point stands, then that the replicas are ready. One look per call;
 * between looks the dispatch is given back and no worker waits. What has not become ready in time is failed, in words.
 */
export async function verify(run: Run, { actions }: ApprovalBinding): Promise<void> {
  const { ctx, lease } = run
  const now = ctx.clock.now()
  const waitedSeconds = (now.getTime() - (lease.appliedAt ?? now).getTime()) / 1_000
  const late = waitedSeconds > (await readyTimeoutSeconds(run, actions))
  const standings: Standing[] = []
  for (const action of actions) {
    const look = await lookAt(ctx.db, action.targetId)
    if (look.kind === 'unseen') {
      const note = `The set-point was applied; whether it is ready is not known: ${sentence(look.message)}`
      return late ? fail(run, note) : pause(run, nextLookSeconds(run, waitedSeconds), note)
    }
    standings.push(await standingOf(run, action, look.observation, now))
  }
  await commitStep(run, conclusion(run, standings, waitedSeconds, late), async (tx) => {
    for (const { action, observation, at } of standings) {
      const { desiredReplicas, readyReplicas, version } = observation
      await recordObservation(tx, { targetId: action.targetId, desiredReplicas, readyReplicas, version, at })
    }
  })
}

async function standingOf(run: Run, action: Action, observation: Observation, at: Date): Promise<Standing> {
  const own = { dispatchId: run.lease.dispatchId, targetId: action.targetId }
  const { fromReplicas, toReplicas, targetId } = action
  const later = await run.ctx.db.receipt.count({
    where: {
      targetId,
      step: 'apply',
      dispatchId: { not: own.dispatchId },
      at: { gte: run.lease.appliedAt ?? at },
    },
  })
  const last = await run.ctx.db.receipt.findFirst({
    where: { ...own, step: { in: ['read-back', 'verify'] } },
    orderBy: { at: 'desc' },
  })
  // A receipt of the first look, and of every later one that saw something new.
  const outcome = `${observation.readyReplicas} of ${observation.desiredReplicas} ready`
  const step = last === null ? 'read-back' : 'verify'
  return {
    action,
    observation,
    at,
    readiness: readinessOf({ fromReplicas, toReplicas, observed: observation, overtaken: later > 0 }),
    receipt: last?.outcome === outcome ? null : readReceipt(action, step, outcome, observation),
  }
}

function conclusion(run: Run, standings: Standing[], waitedSeconds: number, late: boolean): Step {
  const receipts = standings.flatMap(({ receipt }) => receipt ?? [])
  const failed = (note: string): Step => ({
    to: 'failed',
    note,
    receipts,
    audit: { action: 'dispatch.failed', body: { note } },
  })
  const moved = standings.find(({ readiness }) => readiness === 'moved')
  if (moved) {
    const { action, observation } = moved
    return failed(
      `The set-point of ${action.toReplicas} was applied, but "${action.targetName}" was changed to ` +
        `${observation.desiredReplicas} before all of it was ready, so it could not be verified.`,
    )
  }
  const waiting = standings.find(({ readiness }) => readiness === 'waiting')
  if (waiting) {
    const { action, observation } = waiting
    const ready = `${observation.readyReplicas} of ${action.toReplicas} replicas of "${action.targetName}" are ready`
    if (!late) return { note: `${ready}.`, receipts, againInSeconds: nextLookSeconds(run, waitedSeconds) }
    const waited = `after ${Math.round(waitedSeconds)} s`
    return failed(`The set-point stands, but ${waited} only ${ready}. Look at the target, or roll back.`)
  }
  const targets = standings.map(({ action, observation }) => ({
    targetId: action.targetId,
    desiredReplicas: observation.desiredReplicas,
    readyReplicas: observation.readyReplicas,
    version: observation.version,
  }))
  return { to: 'verified', note: null, receipts, audit: { action: 'dispatch.verified', body: { targets } } }
}

/** Soon at first, then ever more rarely: a quarter of the time waited so far. */
function nextLookSeconds({ settings }: Run, waitedSeconds: number): number {
  return Math.min(
    Math.max(Math.ceil(waitedSeconds / 4), settings.shortestPauseSeconds),
    settings.longestPauseSeconds,
  )
}

async function readyTimeoutSeconds(run: Run, actions: Action[]): Promise<number> {
  const pools = await run.ctx.db.pool.findMany({
    where: { targetId: { in: actions.map(({ targetId }) => targetId) } },
    include: { offering: true },
  })
  return Math.max(
    run.settings.readyTimeoutSeconds,
    ...pools.map(({ offering }) => 3 * offering.leadTimeP90Seconds),
  )
}
