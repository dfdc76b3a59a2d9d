import type { Attempt } from './attempt.ts'
import { movedLegs } from './legs.ts'
import type { Seen } from './open-target.ts'
import { commitStep, type ReceiptInput } from './step.ts'
import { waitAfterWrite } from './verify.ts'

/**
 * The set-point stands; with the plan's last action the dispatch is applied. Where it completes its stage and is not ready yet, the
 * dispatch is given back for a later look in the same commit. False then: this go is over.
 */
export async function markStanding(attempt: Attempt, seen: Seen, answer: ReceiptInput): Promise<boolean> {
  const { run, action, way, position, completes } = attempt
  const { targetId, toReplicas } = action
  const { desiredReplicas, readyReplicas, version } = seen.observation
  const names = {
    forward: completes === 'plan' ? 'dispatch.applied' : 'dispatch.action-applied',
    back: 'dispatch.action-undone',
  }
  const audit = { action: names[way], body: { targetId, replicas: toReplicas, version } }
  const progress = {
    forward: completes === 'plan' ? { to: 'applied' as const, note: null } : { to: 'dispatching' as const },
    back: {},
  }
  const wait = completes === 'action' ? null : waitAfterWrite(attempt, seen, answer.step)
  const receipts = [answer, ...(wait?.receipts ?? [])]
  const at = run.ctx.clock.now()
  // Whoever wrote after us is not to be overwritten by what takes ours back.
  const appliedVersion = desiredReplicas === toReplicas ? version : null
  const moved = {
    forward: { state: 'applied', appliedAt: at, appliedVersion },
    back: { state: 'taken_back', takenBackAt: at },
  } as const
  await commitStep(run, {
    ...{ ...progress[way], ...wait, receipts, audit, unclear: false },
    legs: movedLegs(run, [position], moved[way]),
    observed: [{ targetId, desiredReplicas, readyReplicas, version, at }],
  })
  return wait === null
}
