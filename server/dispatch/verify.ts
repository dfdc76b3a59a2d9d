import type { ApprovedPlan } from '../governance/index.ts'
import type { ScaleAction } from '../plan/contract.ts'
import { recordObservation } from '../plan/index.ts'
import { readReceipt } from './attempt.ts'
import type { Observation } from './contract.ts'
import { fail, pause } from './endings.ts'
import { lookAt } from './open-target.ts'
import { commitStep, type ReceiptInput, type Run } from './step.ts'

type Standing = { action: ScaleAction; observation: Observation; receipt: ReceiptInput | null }

/**
 * applied → verified: reads back that every set-point stands, then that the replicas are ready. One look per call;
 * between looks the dispatch is given back and no worker waits. What has not become ready in time is failed, in words.
 */
export async function verify(run: Run, plan: ApprovedPlan): Promise<void> {
  const { ctx, lease, settings } = run
  const now = ctx.clock.now()
  const waitedSeconds = (now.getTime() - (lease.appliedAt ?? now).getTime()) / 1_000
  const timeoutSeconds = await readyTimeoutSeconds(run, plan)
  const nextLook = Math.min(
    Math.max(waitedSeconds / 4, settings.shortestPauseSeconds),
    settings.longestPauseSeconds,
  )

  const standings: Standing[] = []
  for (const action of plan.binding.actions) {
    const look = await lookAt(ctx.db, action.targetId)
    if (look.kind === 'unseen') {
      const note = `The set-point was written; ${look.message}`
      if (waitedSeconds > timeoutSeconds) await fail(run, note)
      else await pause(run, nextLook, note)
      return
    }
    standings.push({
      action,
      observation: look.observation,
      receipt: await receiptOfLook(run, action, look.observation),
    })
  }
  const receipts = standings.flatMap(({ receipt }) => receipt ?? [])
  const record = async (tx: Parameters<typeof recordObservation>[0]) => {
    for (const { action, observation } of standings) {
      const { desiredReplicas, readyReplicas, version } = observation
      await recordObservation(tx, {
        targetId: action.targetId,
        desiredReplicas,
        readyReplicas,
        version,
        at: now,
      })
    }
  }

  const moved = standings.find(({ action, observation }) => observation.desiredReplicas !== action.toReplicas)
  const late = standings.find(({ action, observation }) => observation.readyReplicas !== action.toReplicas)
  if (moved) {
    const { action, observation } = moved
    const note =
      `The set-point of ${action.toReplicas} was applied; before it was verified, somebody else changed ` +
      `"${action.targetName}" to ${observation.desiredReplicas}.`
    await commitStep(
      run,
      { to: 'failed', note, receipts, audit: { action: 'dispatch.failed', body: { note } } },
      record,
    )
  } else if (!late) {
    const body = standings.map(({ action, observation }) => ({
      targetId: action.targetId,
      desiredReplicas: observation.desiredReplicas,
      readyReplicas: observation.readyReplicas,
      version: observation.version,
    }))
    const audit = { action: 'dispatch.verified', body: { targets: body } }
    await commitStep(run, { to: 'verified', note: null, receipts, audit }, record)
  } else {
    const { action, observation } = late
    const ready = `${observation.readyReplicas} of ${action.toReplicas} replicas of "${action.targetName}" are ready`
    if (waitedSeconds <= timeoutSeconds) {
      await commitStep(run, { note: `${ready}.`, receipts, againInSeconds: nextLook }, record)
    } else {
      const note = `The set-point stands, but after ${Math.round(waitedSeconds)} s only ${ready}. Look at the target, or roll back.`
      await commitStep(
        run,
        { to: 'failed', note, receipts, audit: { action: 'dispatch.failed', body: { note } } },
        record,
      )
    }
  }
}

/** A receipt of the first look, and of every later one that saw something new. */
async function receiptOfLook(
  run: Run,
  action: ScaleAction,
  observation: Observation,
): Promise<ReceiptInput | null> {
  const last = await run.ctx.db.receipt.findFirst({
    where: {
      dispatchId: run.lease.dispatchId,
      targetId: action.targetId,
      step: { in: ['read-back', 'verify'] },
    },
    orderBy: { at: 'desc' },
  })
  const outcome = `${observation.readyReplicas}/${observation.desiredReplicas} ready`
  if (last === null) return readReceipt(action, 'read-back', outcome, observation)
  return last.outcome === outcome ? null : readReceipt(action, 'verify', outcome, observation)
}

async function readyTimeoutSeconds(run: Run, plan: ApprovedPlan): Promise<number> {
  const pools = await run.ctx.db.pool.findMany({
    where: { targetId: { in: plan.binding.actions.map(({ targetId }) => targetId) } },
    include: { offering: true },
  })
  return Math.max(
    run.settings.readyTimeoutSeconds,
    ...pools.map(({ offering }) => 3 * offering.leadTimeP90Seconds),
  )
}
