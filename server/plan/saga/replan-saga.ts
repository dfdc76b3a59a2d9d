import { type Action, controlOf, type PlanContent, unitOf } from '../contract.ts'
import { composeSaga, type SagaInput } from './compose.ts'

/** A set-point that a person chose for one of the plan's targets. */
export type SetPointChoice = { targetId: string; to: number }

/**
 * A saga as of now, its set-points as planned or as a person chose: everything recomputed, nothing carried over but what
 * belongs together, in which order, why, and until when.
 */
export function replanSaga(
  input: SagaInput,
  old: PlanContent,
  choices: readonly SetPointChoice[] = [],
): PlanContent {
  const chosen = new Map(choices.map(({ targetId, to }) => [targetId, to]))
  const edited = old.actions.filter(
    ({ targetId, toReplicas }) => (chosen.get(targetId) ?? toReplicas) !== toReplicas,
  )
  const actions = old.actions.map((action) => ({
    ...action,
    toReplicas: chosen.get(action.targetId) ?? action.toReplicas,
  }))
  const words = edited.map((action) => setWords(action, chosen.get(action.targetId) ?? action.toReplicas))
  return composeSaga(input, {
    purpose: old.purpose ?? 'capacity',
    direction: old.direction,
    actions,
    summary: words.length > 0 ? `${old.summary}; ${words.join(', ')}` : old.summary,
    reasons: words.length > 0 ? [`A person set ${words.join(' and ')}.`, ...old.reasons] : old.reasons,
    alternatives: old.alternatives.filter(({ kind }) => kind !== 'do-nothing'),
    harm: old.evidence.harm,
    // The schedule goes with the level that it chose.
    shift: words.length > 0 ? undefined : old.evidence.shift,
    size: words.length > 0 ? undefined : old.evidence.size,
    actBy: old.actBy,
    expiresAt: old.expiresAt,
  })
}

/** "chat-edge to 4 replicas" */
function setWords({ targetName, kind }: Action, to: number): string {
  return `${targetName} to ${to} ${unitOf[controlOf[kind]]}`
}
