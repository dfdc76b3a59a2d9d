import { ApprovedPlan, resume } from '../governance/index.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import { transact } from '../kernel/transact.ts'
import type { Action } from '../plan/contract.ts'
import { recordObservation } from '../plan/index.ts'
import { type Attempt, readReceipt, receiptOf, setPointOf } from './attempt.ts'
import type { ApplyOutcome, DryRunOutcome, Observation, TargetAdapter } from './contract.ts'
import { fail, sentence, stumble } from './endings.ts'
import { judge } from './judge.ts'
import { type Look, lookAt } from './open-target.ts'
import { assertLease, commitStep, type ReceiptInput, type Run, writeStep } from './step.ts'

/** Each round reads first; more rounds than this mean that the target's lock moves faster than we can write. */
const maxRounds = 6

type Seen = Extract<Look, { kind: 'seen' }>

/** `over`: the dispatch was settled otherwise, or given back for later. */
type RoundResult = 'stands' | 'over' | 'again'

/** Brings one target to its approved set-point. True if it stands there; false if the dispatch ended or paused. */
export async function writeAction(attempt: Attempt): Promise<boolean> {
  for (let round = 1; round <= maxRounds; round++) {
    const result = await oneRound(attempt)
    if (result !== 'again') return result === 'stands'
  }
  const { run, action, maySent } = attempt
  const note = `"${action.targetName}" changes faster than it can be written.`
  await stumble(run, { note, maySent, forGood: false })
  return false
}

async function oneRound(attempt: Attempt): Promise<RoundResult> {
  const { run, action, approvedVersion, maySent } = attempt
  const look = await lookAt(run.ctx.db, action.targetId)
  if (look.kind === 'unseen') {
    await stumble(run, { note: look.message, maySent, forGood: look.forGood })
    return 'over'
  }
  const { observation } = look
  const verdict = judge({ approvedVersion, toReplicas: action.toReplicas, observed: observation, maySent })
  if (verdict === 'write') return (await rehearse(attempt, look)) ?? (await send(attempt, look))
  if (verdict === 'done') {
    await markStanding(attempt, observation, readReceipt(action, 'read-back', 'stands', observation))
    return 'stands'
  }
  await fail(run, movedNote(attempt, observation), [readReceipt(action, 'read-back', 'moved', observation)])
  return 'over'
}

/** The server-side dry run. Null if the target would take the write. */
async function rehearse(attempt: Attempt, { adapter, observation }: Seen): Promise<RoundResult | null> {
  const { run, action } = attempt
  const { lock } = observation
  const setPoint = setPointOf(run, action)
  const outcome = await adapter.dryRun(lock, setPoint)
  const request = { replicas: setPoint.replicas, lock, fencingToken: setPoint.fencingToken }
  const receipt = receiptOf(action, 'dry-run', outcome.kind, outcome.raw, request)
  if (outcome.kind !== 'accepted') {
    // A rehearsal changes nothing, so that an unclear answer to it is no more than a reason to try later.
    return react(
      attempt,
      { ...outcome, kind: outcome.kind === 'unknown' ? 'retryable' : outcome.kind },
      receipt,
    )
  }
  await commitStep(run, { receipts: [receipt] })
  return null
}

type Leave = { kind: 'go'; plan: ApprovedPlan } | { kind: 'stay'; why: string }

/** The approved plan, if it may still be carried out: a worker may have died since redemption, and policy have moved. */
async function askLeave({ run }: Attempt, tx: Tx): Promise<Leave> {
  try {
    const { plan, moved } = await resume({ ctx: run.ctx, tx, input: { decisionId: run.lease.decisionId } })
    if (moved.length === 0) return { kind: 'go', plan }
    return { kind: 'stay', why: `Since the approval, ${moved.join('; ')}.` }
  } catch (error) {
    if (error instanceof ConflictError) return { kind: 'stay', why: error.message }
    throw error
  }
}

/**
 * Exactly one write. That it is about to go is committed first, under the fencing token and the policy in force: a
 * worker that was replaced stops here, and whoever takes over after a crash knows that a write may be under way.
 */
async function send(attempt: Attempt, { adapter, observation }: Seen): Promise<RoundResult> {
  const { run, action } = attempt
  const { targetId } = action
  const { lock, version } = observation
  const { fencingToken } = run.lease
  const leave = await transact(run.ctx, async (tx) => {
    await assertLease(run, tx)
    const asked = await askLeave(attempt, tx)
    if (asked.kind === 'go') {
      const request = { replicas: action.toReplicas, lock, fencingToken }
      const receipts = [receiptOf(action, 'apply', 'sent', {}, request)]
      const audit = { action: 'dispatch.sent', body: { targetId, version, ...request } }
      await writeStep(run, tx, { to: 'dispatching', receipts, audit })
    }
    return asked
  })
  if (leave.kind === 'stay') {
    await fail(run, `${sentence(leave.why)} Nothing was changed.`)
    return 'over'
  }
  run.state = 'dispatching'
  const earlierMaySent = attempt.maySent
  attempt.maySent = true
  const outcome = await carry(run, leave.plan, action, adapter, lock)
  const answer = receiptOf(action, 'apply', outcome.kind, outcome.raw, { lock, fencingToken })
  if (outcome.kind === 'applied') {
    await markStanding(attempt, outcome.observation, answer)
    return 'stands'
  }
  attempt.maySent = outcome.kind === 'unknown' || earlierMaySent
  return react(attempt, outcome, answer)
}

/** The only place that writes to a target, and it takes nothing but what governance made. */
async function carry(
  run: Run,
  plan: ApprovedPlan,
  { targetId }: Action,
  adapter: TargetAdapter,
  lock: string,
): Promise<ApplyOutcome> {
  ApprovedPlan.assert(plan)
  const approved = plan.actions.find((action) => action.targetId === targetId)
  if (approved === undefined) throw new Error(`The approved plan has no action for the target ${targetId}.`)
  return adapter.apply(lock, setPointOf(run, approved))
}

/** What to do about an answer that is not a yes. */
async function react(
  { run, action, maySent }: Attempt,
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
    await commitStep(run, { to: 'unknown', note: `${note} Reading back.`, receipts: [answer], audit })
    return 'again'
  }
  await stumble(run, { note, maySent, forGood: outcome.kind === 'refused', receipts: [answer] })
  return 'over'
}

/** The set-point stands; with the plan's last action the dispatch is applied. */
async function markStanding(attempt: Attempt, observation: Observation, answer: ReceiptInput): Promise<void> {
  const { run, action, last } = attempt
  const { targetId, toReplicas } = action
  const { desiredReplicas, readyReplicas, version } = observation
  const audit = {
    action: last ? 'dispatch.applied' : 'dispatch.action-applied',
    body: { targetId, replicas: toReplicas, version },
  }
  const progress = last ? { to: 'applied' as const, note: null } : {}
  await commitStep(run, { ...progress, receipts: [answer], audit }, async (tx) => {
    const at = run.ctx.clock.now()
    await recordObservation(tx, { targetId, desiredReplicas, readyReplicas, version, at })
  })
}

function movedNote({ action, maySent }: Attempt, { desiredReplicas }: Observation): string {
  const moved =
    `Somebody else changed "${action.targetName}" after the approval: it is asked for ${desiredReplicas} replicas, ` +
    `not ${action.toReplicas}.`
  return maySent
    ? `${moved} What we sent is not what stands there; it is not sent again.`
    : `${moved} Nothing was sent.`
}
