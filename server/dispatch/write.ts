import { ApprovedPlan } from '../governance/index.ts'
import {
  type Attempt,
  mayLandAfter,
  noEffect,
  readReceipt,
  receiptOf,
  setPointOf,
  stepsOf,
} from './attempt.ts'
import type { ApplyOutcome, DryRunOutcome, TargetAdapter } from './contract.ts'
import { fail, pauseAtGate, sentence, stumble } from './endings.ts'
import { judge } from './judge.ts'
import { letGo } from './leave.ts'
import { lookOnce, type Seen } from './open-target.ts'
import { rehearse, type TurnedDown } from './rehearsal.ts'
import { markStanding } from './standing.ts'
import type { Opening } from './start.ts'
import { commitStep, type ReceiptInput } from './step.ts'
import { levelWords } from './wording.ts'

/** Each round reads first; more rounds than this mean that the target's lock moves faster than we can write. */
const maxRounds = 6

/** `over`: the action failed, or the dispatch was given back for later. */
type RoundResult = 'stands' | 'over' | 'again'

/**
 * Brings one target to its approved set-point, on either way. True if it stands there; false if the action failed or waits.
 * `opening`: how it was begun along with its dispatch.
 */
export async function writeAction(attempt: Attempt, opening: Opening | null = null): Promise<boolean> {
  for (let round = 1; round <= maxRounds; round++) {
    const result = await (round === 1 && opening ? openingRound(attempt, opening) : oneRound(attempt))
    if (result !== 'again') return result === 'stands'
  }
  const { run, action, position, maySent } = attempt
  const note = `"${action.targetName}" changes faster than it can be written.`
  await stumble(run, { note, maySent, forGood: false, redrivable: true, position })
  return false
}

/** The round that began with the dispatch, after its target was read and asked. */
function openingRound(attempt: Attempt, opening: Opening): Promise<RoundResult> {
  attempt.run.seen.delete(attempt.action.targetId)
  return opening.kind === 'sent'
    ? deliver(attempt, opening.seen, opening)
    : turnedDown(attempt, opening.answer)
}

async function oneRound(attempt: Attempt): Promise<RoundResult> {
  const { run, action, position, boundVersion } = attempt
  const { maySent } = attempt
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
    await settleUnanswered(attempt, look)
    const answer = await rehearse(run, attempt.way, action, look)
    return answer.kind === 'accepted' ? send(attempt, look, answer.receipt) : turnedDown(attempt, answer)
  }
  if (verdict === 'done') {
    const read = readReceipt(action, settle, 'stands', observation)
    return (await markStanding(attempt, look, read)) ? 'stands' : 'over'
  }
  const receipts = [readReceipt(action, settle, 'moved', observation)]
  await fail(run, { note: movedNote(attempt, look), receipts, position })
  return 'over'
}

/**
 * The target stands as it was approved: what was answered was not taken, and what was not answered may still be, until its time is
 * over. That it had no effect is kept then, as the answer that it never had.
 */
async function settleUnanswered(attempt: Attempt, { observation }: Seen): Promise<void> {
  const { run, way, action, mayLandUntil } = attempt
  const { write } = stepsOf(way)
  if (mayLandUntil !== null && mayLandUntil <= run.ctx.clock.now()) {
    const note = `A write to "${action.targetName}" that was never answered had no effect.`
    await commitStep(run, {
      ...(way === 'forward' ? { to: 'dispatching' as const } : {}),
      ...{ note, unclear: false, audit: { action: 'dispatch.no-effect', body: { note } } },
      receipts: Array.from({ length: attempt.unanswered }, () =>
        readReceipt(action, write, noEffect, observation),
      ),
    })
    attempt.mayLandUntil = null
    attempt.unanswered = 0
    attempt.hadNoEffect = true
  }
  attempt.maySent = attempt.mayLandUntil !== null
}

/** A rehearsal that was turned down. It changes nothing, so that an unclear answer is no more than a reason to try later. */
function turnedDown(attempt: Attempt, { outcome, receipt }: TurnedDown): Promise<RoundResult> {
  const kind = outcome.kind === 'unknown' ? 'retryable' : outcome.kind
  return react(attempt, { ...outcome, kind }, receipt)
}

/** Exactly one write, if it may go. */
async function send(attempt: Attempt, seen: Seen, rehearsed: ReceiptInput): Promise<RoundResult> {
  const { run, action, position, maySent } = attempt
  const leave = await letGo(attempt, seen, rehearsed)
  if (leave.kind === 'go') return deliver(attempt, seen, leave)
  await commitStep(run, { receipts: [rehearsed] })
  if (leave.kind === 'halt') {
    await pauseAtGate(run, leave.why, maySent)
    return 'over'
  }
  if (leave.kind === 'wait') {
    const note = `${sentence(leave.why)} What stands, stays, and "${action.targetName}" waits for ${leave.waitsFor}.`
    await stumble(run, { note, maySent, forGood: false, redrivable: false, position, stays: true })
    return 'over'
  }
  if (maySent) {
    // What is under way may still be taken: that is not failed before it is known.
    await stumble(run, { note: leave.why, maySent, forGood: false, redrivable: true, position })
    return 'over'
  }
  const sent = attempt.hadNoEffect ? ' What was sent had no effect.' : ''
  const note = `${sentence(leave.why)}${sent} Nothing was changed at "${action.targetName}".`
  await fail(run, { note, position })
  return 'over'
}

/** The write, whose leave is committed. */
async function deliver(
  attempt: Attempt,
  { adapter, observation: { lock } }: Seen,
  { plan, at }: { plan: ApprovedPlan; at: Date },
): Promise<RoundResult> {
  const { run, action, way } = attempt
  const { targetId } = action
  const earlierMaySent = attempt.maySent
  attempt.maySent = true
  const stoodSeconds = (run.ctx.clock.now().getTime() - at.getTime()) / 1_000
  const outcome =
    stoodSeconds > run.settings.leaseSeconds
      ? notAsked(stoodSeconds)
      : await carry(attempt, plan, adapter, lock)
  const { fencingToken } = run.lease
  const answer = receiptOf(action, stepsOf(way).write, outcome.kind, outcome.raw, { lock, fencingToken })
  if (outcome.kind === 'applied') {
    const standing: Seen = { kind: 'seen', adapter, observation: outcome.observation }
    run.seen.set(targetId, standing)
    return (await markStanding(attempt, standing, answer)) ? 'stands' : 'over'
  }
  attempt.maySent = outcome.kind === 'unknown' || outcome.kind === 'conflict' || earlierMaySent
  if (outcome.kind === 'unknown') {
    attempt.unclearWrites++
    attempt.unanswered++
    attempt.mayLandUntil = mayLandAfter(run, run.ctx.clock.now().getTime())
  }
  return react(attempt, outcome, answer)
}

/** A worker that stood still after its leave does not write: by then others may go by what they read. */
function notAsked(seconds: number): ApplyOutcome {
  const message = `nothing, for it was not asked: the worker stood still for ${Math.round(seconds)} s before the write`
  return { kind: 'retryable', message, raw: { message } }
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
  return adapter.apply(lock, setPointOf(attempt.run.lease, attempt.way, approved))
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
