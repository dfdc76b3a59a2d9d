import { redeem, transactAsked } from '../governance/index.ts'
import { recordObservation } from '../plan/index.ts'
import { readReceipt } from './attempt.ts'
import type { Observation } from './contract.ts'
import { pause, pauseAtGate, stumble } from './endings.ts'
import { createLegs } from './legs.ts'
import { lookThrough } from './open-target.ts'
import { assertLease, type Run, writeStep } from './step.ts'

type Seen = { targetId: string; observation: Observation; at: Date }

/**
 * pending → dispatching: reads every target that the approval names, and redeems the approval against what was read
 * in the transaction that changes the state. False if there is nothing to go on with: void, failed, later, or all dispatch is
 * stopped.
 */
export async function start(run: Run): Promise<boolean> {
  const { ctx, lease, binding } = run
  const { decisionId } = lease
  const seen: Seen[] = []
  for (const { targetId } of binding.targets) {
    const at = ctx.clock.now()
    const look = await lookThrough(ctx, run.gates, targetId)
    if (look.kind === 'unseen') {
      await stumble(run, { ...look, note: look.message, maySent: false })
      return false
    }
    seen.push({ targetId, observation: look.observation, at })
    run.seen.set(targetId, look)
  }
  const redemption = await transactAsked(ctx, async (tx, asked) => {
    await assertLease(run, tx)
    for (const { targetId, observation, at } of seen) {
      const { desiredReplicas, readyReplicas, version } = observation
      await recordObservation(tx, { targetId, desiredReplicas, readyReplicas, version, at })
    }
    const observed = seen.map(({ targetId, observation }) => ({
      targetId,
      observedVersion: observation.version,
    }))
    const result = await redeem({ ctx, tx, input: { decisionId, observed }, asked })
    const receipts = seen.map((one) => readReceipt(one, 'observe', 'seen', one.observation))
    if (result.kind === 'approved') {
      await createLegs(run, tx)
      await tx.dispatch.update({ where: { id: run.lease.dispatchId }, data: { haltedAt: null } })
      await writeStep(run, tx, {
        to: 'dispatching',
        note: null,
        receipts,
        audit: { action: 'dispatch.started', body: { observed } },
      })
    } else if (result.kind === 'void') {
      const note = result.reason
      await writeStep(run, tx, {
        to: 'void',
        note,
        receipts,
        audit: { action: 'dispatch.void', body: { note } },
      })
    }
    return result
  })
  if (redemption.kind === 'halted') await pauseAtGate(run, redemption.reason)
  else if (redemption.kind === 'later') await pauseUntil(run, redemption.notBefore)
  else run.state = redemption.kind === 'approved' ? 'dispatching' : 'void'
  if (redemption.kind === 'approved') run.redeemed = { plan: redemption.plan, at: ctx.clock.now() }
  return redemption.kind === 'approved'
}

/** The job came before the end of the hold, or the start of the window. */
async function pauseUntil(run: Run, notBefore: Date): Promise<void> {
  const seconds = Math.max(1, Math.ceil((notBefore.getTime() - run.ctx.clock.now().getTime()) / 1_000))
  await pause(
    run,
    seconds,
    `Not carried out before ${notBefore.toISOString().slice(0, 19).replace('T', ' ')} UTC.`,
  )
}
