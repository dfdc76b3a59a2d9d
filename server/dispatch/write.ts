import { ApprovedPlan, type Asked, haltedBy, resume, transactAsked } from '../governance/index.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import { recordObservation } from '../plan/index.ts'
import { type Attempt, readReceipt, receiptOf, setPointOf, stepsOf } from './attempt.ts'
import type { ApplyOutcome, DryRunOutcome, Observation, TargetAdapter } from './contract.ts'
import { fail, pauseAtGate, sentence, stumble } from './endings.ts'
import { judge } from './judge.ts'
import { moveLeg } from './legs.ts'
import { type Look, lookOnce } from './open-target.ts'
import { assertLease, commitStep, type ReceiptInput, writeStep } from './step.ts'
import { levelWords } from './wording.ts'

/** Each round reads first; more rounds than this mean that the target's lock moves faster than we can write. */
const maxRounds = 6

type Seen = Extract<Look, { kind: 'seen' }>

/** `over`: the action failed, or the dispatch was given back for later. */
type RoundResult = 'stands' | 'over' | 'again'

/** Brings one target to its approved set-point, on either way. True if it stands there; false if the action failed or waits. */
export async function writeAction(attempt: Attempt): Promise<boolean> {
  for (let round = 1; round <= maxRounds; round++) {
    const result = await oneRound(attempt)
    if (result !== 'again') return result === 'stands'
  }
  const { run, action, position, maySent } = attempt
  const note = `"${action.targetName}" changes faster than it can be written.`
  await stumble(run, { note, maySent, forGood: false, redrivable: true, position })
  return false
}

async function oneRound(attempt: Attempt): Promise<RoundResult> {
  const { run, action, position, boundVersion, maySent } = attempt
  const look = await lookOnce(run, action.targetId)
  if (look.kind === 'unseen') {
    await stumble(run, { ...look, note: look.message, maySent, position })
    return 'over'
  }
  const { observation } = look
  const verdict = judge({ boundVersion, toReplicas: action.toReplicas, observed: observation, maySent })
  const { settle } = stepsOf(attempt.way)
  if (verdict === 'write' && attempt.unclearWrites >= run.settings.mostWrites) {
    const note = `"${action.targetName}" was written ${attempt.unclearWrites} times, and no write has had an effect so far.`
    await stumble(run, { note, maySent: true, forGood: false, redrivable: true, position })
    return 'over'
  }
  if (verdict === 'write') {
    const rehearsed = await rehearse(attempt, look)
    return typeof rehearsed === 'string' ? rehearsed : send(attempt, look, rehearsed)
  }
  if (verdict === 'done') {
    await markStanding(attempt, observation, readReceipt(action, settle, 'stands', observation))
    return 'stands'
  }
  const receipts = [readReceipt(action, settle, 'moved', observation)]
  await fail(run, { note: movedNote(attempt, look), receipts, position })
  return 'over'
}

/** The server-side dry run. Its receipt, to be kept with the write, if the target would take it. */
async function rehearse(
  attempt: Attempt,
  { adapter, observation }: Seen,
): Promise<RoundResult | ReceiptInput> {
  const { action } = attempt
  const { lock } = observation
  const setPoint = setPointOf(attempt, action)
  const outcome = await adapter.dryRun(lock, setPoint)
  const request = { replicas: setPoint.replicas, lock, fencingToken: setPoint.fencingToken }
  const receipt = receiptOf(action, stepsOf(attempt.way).rehearse, outcome.kind, outcome.raw, request)
  if (outcome.kind !== 'accepted') {
    // A rehearsal changes nothing, so that an unclear answer to it is no more than a reason to try later.
    return react(
      attempt,
      { ...outcome, kind: outcome.kind === 'unknown' ? 'retryable' : outcome.kind },
      receipt,
    )
  }
  return receipt
}

/** For so long after it was redeemed a plan is not judged again. */
const freshMs = 2_000

type Leave =
  | { kind: 'go'; plan: ApprovedPlan }
  | { kind: 'stay' | 'halt'; why: string }
  | { kind: 'wait'; why: string; waitsFor: string }

/**
 * The approved plan, if it may still be carried out: stages take their time, a worker may have died, and policy or prices have
 * moved; the budget is held against the parallel peak once more. What takes it back was approved with it, and leads to where
 * things stood: nothing that moved since is in its way. While all dispatch is stopped nothing is written at all, but for what a
 * person asked to take back.
 */
async function askLeave({ run, way }: Attempt, tx: Tx, asked: Asked): Promise<Leave> {
  const { redeemed, ctx } = run
  // It was held against everything a moment ago, when it was redeemed; only the switch may be turned at any time.
  if (way === 'forward' && redeemed && ctx.clock.now().getTime() - redeemed.at.getTime() <= freshMs) {
    const why = await haltedBy(tx)
    return why === null ? { kind: 'go', plan: redeemed.plan } : { kind: 'halt', why }
  }
  try {
    const { decisionId, dispatchId, redrivenAt } = run.lease
    const input = { decisionId, again: redrivenAt !== null, way }
    const { plan, moved, waits, halted } = await resume({ ctx: run.ctx, tx, input, asked })
    if (halted !== null && !(way === 'back' && (await isAskedBack(tx, dispatchId))))
      return { kind: 'halt', why: halted }
    if (way === 'back' || moved.length === 0) return { kind: 'go', plan }
    const why = `Since the approval, ${moved.join('; ')}.`
    return waits === null ? { kind: 'stay', why } : { kind: 'wait', why, waitsFor: waits }
  } catch (error) {
    if (error instanceof ConflictError) return { kind: 'stay', why: error.message }
    throw error
  }
}

/** Whether a person asked to take it back: that goes on while all dispatch is stopped. */
async function isAskedBack(tx: Tx, dispatchId: string): Promise<boolean> {
  return (await tx.dispatch.count({ where: { id: dispatchId, takeBackAt: { not: null } } })) > 0
}

/**
 * Exactly one write. That it is about to go is committed first, under the fencing token and the policy in force: a
 * worker that was replaced stops here, and whoever takes over after a crash knows that a write may be under way.
 */
async function send(
  attempt: Attempt,
  { adapter, observation }: Seen,
  rehearsed: ReceiptInput,
): Promise<RoundResult> {
  const { run, action, way, position } = attempt
  const { targetId } = action
  const { lock, version } = observation
  const step = stepsOf(way).write
  const { fencingToken } = run.lease
  const leave = await transactAsked(run.ctx, async (tx, asked) => {
    await assertLease(run, tx)
    const given = await askLeave(attempt, tx, asked)
    if (given.kind === 'go') {
      const request = { replicas: action.toReplicas, lock, fencingToken }
      const receipts = [rehearsed, receiptOf(action, step, 'sent', {}, request)]
      const audit = {
        action: way === 'forward' ? 'dispatch.sent' : 'dispatch.undo-sent',
        body: { targetId, version, ...request },
      }
      await tx.dispatch.update({ where: { id: run.lease.dispatchId }, data: { haltedAt: null } })
      await writeStep(run, tx, { ...(way === 'forward' ? { to: 'dispatching' } : {}), receipts, audit })
    }
    return given
  })
  if (leave.kind !== 'go') await commitStep(run, { receipts: [rehearsed] })
  if (leave.kind === 'halt') {
    await pauseAtGate(run, leave.why)
    return 'over'
  }
  if (leave.kind === 'wait') {
    const note = `${sentence(leave.why)} What stands, stays, and "${action.targetName}" waits for ${leave.waitsFor}.`
    await stumble(run, { note, maySent: false, forGood: false, redrivable: false, position, stays: true })
    return 'over'
  }
  if (leave.kind !== 'go') {
    await fail(run, {
      note: `${sentence(leave.why)} Nothing was changed at "${action.targetName}".`,
      position,
    })
    return 'over'
  }
  if (way === 'forward') run.state = 'dispatching'
  const earlierMaySent = attempt.maySent
  attempt.maySent = true
  const outcome = await carry(attempt, leave.plan, adapter, lock)
  const answer = receiptOf(action, step, outcome.kind, outcome.raw, { lock, fencingToken })
  if (outcome.kind === 'applied') {
    const { observation: standing } = outcome
    await markStanding(attempt, standing, answer)
    run.seen.set(targetId, { kind: 'seen', adapter, observation: standing })
    return 'stands'
  }
  attempt.maySent = outcome.kind === 'unknown' || earlierMaySent
  if (outcome.kind === 'unknown') attempt.unclearWrites++
  return react(attempt, outcome, answer)
}

/** The only place that writes to a target, and it takes nothing but what governance made. */
async function carry(
  attempt: Attempt,
  plan: ApprovedPlan,
  adapter: TargetAdapter,
  lock: string,
): Promise<ApplyOutcome> {
  ApprovedPlan.assert(plan)
  const { targetId } = attempt.action
  const actions = attempt.way === 'forward' ? plan.actions : (plan.inverse ?? [])
  const approved = actions.find((action) => action.targetId === targetId)
  if (approved === undefined) throw new Error(`The approved plan has no action for the target ${targetId}.`)
  return adapter.apply(lock, setPointOf(attempt, approved))
}

/** Who we are is not accepted, or may not do it: a person can set that right without another decision. */
const credentialStatuses = new Set([401, 403])

/** What to do about an answer that is not a yes. */
async function react(
  { run, action, way, position, maySent }: Attempt,
  outcome: Exclude<ApplyOutcome | DryRunOutcome, { kind: 'applied' | 'accepted' }>,
  answer: ReceiptInput,
): Promise<RoundResult> {
  const note = `"${action.targetName}" answered: ${sentence(outcome.message)}`
  if (outcome.kind === 'conflict') {
    // The lock moved, perhaps only by a status update: the next round reads whether the version did.
    await commitStep(run, { receipts: [answer] })
    return 'again'
  }
  if (outcome.kind === 'unknown') {
    const audit = { action: 'dispatch.unknown', body: { note } }
    const to = way === 'forward' ? { to: 'unknown' as const } : {}
    await commitStep(run, { ...to, note: `${note} Reading back.`, receipts: [answer], audit, unclear: true })
    return 'again'
  }
  await stumble(run, {
    ...{ note, maySent, receipts: [answer], position, retryInSeconds: outcome.retryAfterSeconds ?? 0 },
    forGood: outcome.kind === 'refused',
    redrivable: outcome.kind !== 'refused' || credentialStatuses.has(outcome.status ?? 0),
  })
  return 'over'
}

/** The set-point stands; with the plan's last action the dispatch is applied. */
async function markStanding(attempt: Attempt, observation: Observation, answer: ReceiptInput): Promise<void> {
  const { run, action, way, position, last } = attempt
  const { targetId, toReplicas } = action
  const { desiredReplicas, readyReplicas, version } = observation
  const names = {
    forward: last ? 'dispatch.applied' : 'dispatch.action-applied',
    back: 'dispatch.action-undone',
  }
  const audit = { action: names[way], body: { targetId, replicas: toReplicas, version } }
  const progress = {
    forward: last ? { to: 'applied' as const, note: null } : { to: 'dispatching' as const },
    back: {},
  }
  await commitStep(run, { ...progress[way], receipts: [answer], audit, unclear: false }, async (tx) => {
    const at = run.ctx.clock.now()
    // Whoever wrote after us is not to be overwritten by what takes ours back.
    const appliedVersion = desiredReplicas === toReplicas ? version : null
    await moveLeg(
      run,
      tx,
      position,
      way === 'forward'
        ? { state: 'applied', appliedAt: at, appliedVersion }
        : { state: 'taken_back', takenBackAt: at },
    )
    await recordObservation(tx, { targetId, desiredReplicas, readyReplicas, version, at })
  })
}

function movedNote({ action, way, maySent }: Attempt, { adapter, observation }: Seen): string {
  const [now, wanted] = [observation.desiredReplicas, action.toReplicas].map((level) =>
    levelWords({ action, adapter }, level),
  )
  if (way === 'back') {
    return `"${action.targetName}" was not taken back to ${wanted}: somebody else changed it since to ${now}.`
  }
  const moved = `Somebody else changed "${action.targetName}" after the approval: it is set to ${now}, not to ${wanted}.`
  return maySent
    ? `${moved} What we sent is not what stands there; it is not sent again.`
    : `${moved} Nothing was sent.`
}
