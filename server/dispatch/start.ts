import { type ApprovedPlan, redeem, transactAsked, type UsingUp, voidIfOver } from '../governance/index.ts'
import { transact } from '../kernel/transact.ts'
import type { Action } from '../plan/contract.ts'
import { recordObservation } from '../plan/index.ts'
import { readReceipt } from './attempt.ts'
import type { Observation } from './contract.ts'
import { pause, pauseAtGate, sentence, stumble } from './endings.ts'
import { judge } from './judge.ts'
import { aboutToGo } from './leave.ts'
import { type Leg, stagesOfLegs, waitingLegs } from './legs.ts'
import { lookThrough, type Seen } from './open-target.ts'
import { type Rehearsal, rehearse, type TurnedDown } from './rehearsal.ts'
import { assertLease, follow, type Run, type Step, writeStep } from './step.ts'

type ReadTarget = { targetId: string; observation: Observation; at: Date }

/** How the first action was begun along with the dispatch: its write was let go, or the dry run turned down. */
export type Opening = { position: number } & (
  | { kind: 'sent'; seen: Seen; plan: ApprovedPlan; at: Date }
  | { kind: 'turned-down'; answer: TurnedDown }
)

/**
 * pending → dispatching: reads every target that the approval names, asks the first one for a dry run, and redeems the approval
 * against what was read in the transaction that changes the state and lets the first write go. Null if there is nothing to go on
 * with: void, failed, later, or all dispatch is stopped.
 */
export async function start(run: Run): Promise<{ opening: Opening | null } | null> {
  const { ctx, lease, binding } = run
  const { decisionId } = lease
  const read: ReadTarget[] = []
  for (const { targetId } of binding.targets) {
    const at = ctx.clock.now()
    const look = await lookThrough(ctx, run.gates, targetId)
    if (look.kind === 'unseen') {
      const noLaterThan = await endOfApproval(run, look.message)
      if (noLaterThan !== null)
        await stumble(run, { ...look, note: look.message, maySent: false, noLaterThan })
      return null
    }
    read.push({ targetId, observation: look.observation, at })
    run.seen.set(targetId, look)
  }
  const legs = waitingLegs(lease, binding)
  const first = await rehearseFirst(run, stagesOfLegs(legs).flat()[0])
  const observed = read.map(({ targetId, observation: { version } }) => ({
    targetId,
    observedVersion: version,
  }))
  const receipts = read.map((one) => readReceipt(one, 'observe', 'seen', one.observation))
  const started = { action: 'dispatch.started', body: { observed } }
  const sent =
    first?.answer.kind === 'accepted' ? aboutToGo(run, 'forward', first, first.answer.receipt) : null
  const begun: Step = {
    ...{ to: 'dispatching', note: null, halted: false, legs },
    receipts: [...receipts, ...(sent?.receipts ?? [])],
    audit: sent ? [started, sent.audit] : started,
  }
  const over = (note: string): Step => ({
    ...{ to: 'void', note, receipts, audit: { action: 'dispatch.void', body: { note } } },
  })
  const at = ctx.clock.now()
  const redemption = await transactAsked(ctx, async (tx, asked) => {
    await assertLease(run, tx)
    for (const { targetId, observation, at } of read) {
      const { desiredReplicas, readyReplicas, version } = observation
      await recordObservation(tx, { targetId, desiredReplicas, readyReplicas, version, at })
    }
    const keep = async (using: UsingUp) => {
      await writeStep(run, tx, begun, using)
      return true
    }
    const result = await redeem({ ctx, tx, input: { decisionId, observed }, asked, keep })
    if (result.kind === 'void') await writeStep(run, tx, over(result.reason))
    return result
  })
  if (redemption.kind === 'halted') await pauseAtGate(run, redemption.reason)
  else if (redemption.kind === 'later') await pauseUntil(run, redemption.notBefore)
  else follow(run, redemption.kind === 'approved' ? begun : over(redemption.reason))
  if (redemption.kind !== 'approved') return null
  const { plan } = redemption
  run.redeemed = { plan, at: ctx.clock.now() }
  return { opening: first && openingOf(first, plan, at) }
}

/** When the approval is over; null if it is, and the dispatch void with it. `unseen`: why its target could not be read. */
async function endOfApproval(run: Run, unseen: string): Promise<Date | null> {
  const { ctx, lease } = run
  const { decisionId } = lease
  const voided = (reason: string): Step => {
    const note = `${sentence(reason)} ${sentence(unseen)} Nothing was changed.`
    return { to: 'void', note, audit: { action: 'dispatch.void', body: { note } } }
  }
  const held = await transact(ctx, async (tx) => {
    await assertLease(run, tx)
    const now = await voidIfOver({ ctx, tx, input: { decisionId } })
    if (now.kind === 'void') await writeStep(run, tx, voided(now.reason))
    return now
  })
  if (held.kind === 'holds') return held.until
  follow(run, voided(held.reason))
  return null
}

type First = { position: number; action: Action; seen: Seen; answer: Rehearsal }

function openingOf({ position, seen, answer }: First, plan: ApprovedPlan, at: Date): Opening {
  if (answer.kind === 'turned-down') return { kind: 'turned-down', position, answer }
  return { kind: 'sent', position, seen, plan, at }
}

/** The dry run of what is written first, where it is to be written at all: nothing was so far. */
async function rehearseFirst(run: Run, leg: Leg | undefined): Promise<First | null> {
  const seen = leg && run.seen.get(leg.action.targetId)
  const bound = run.binding.targets.find(({ targetId }) => targetId === leg?.action.targetId)
  if (!leg || !seen || !bound) return null
  const { action, row } = leg
  const situation = { boundVersion: bound.observedVersion, toReplicas: action.toReplicas, maySent: false }
  if (judge({ ...situation, observed: seen.observation }) !== 'write') return null
  return { position: row.position, action, seen, answer: await rehearse(run, 'forward', action, seen) }
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
