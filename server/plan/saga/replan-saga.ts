import { type Action, type ActionKind, controlOf, type PlanContent, unitOf } from '../contract.ts'
import { composeSaga, type SagaInput } from './compose.ts'

/** A set-point that a person chose for one of the plan's targets; `kind`: and what to do there instead, such as suspend for cancel. */
export type SetPointChoice = { targetId: string; to: number; kind?: ActionKind }

/**
 * A saga as of now, its set-points as planned or as a person chose: everything recomputed, nothing carried over but what
 * belongs together, in which order, why, and until when.
 */
export function replanSaga(
  input: SagaInput,
  old: PlanContent,
  choices: readonly SetPointChoice[] = [],
): PlanContent {
  const chosen = new Map(choices.map((choice) => [choice.targetId, choice]))
  const actions = old.actions.map((action): Action => {
    const { to, kind } = chosen.get(action.targetId) ?? {}
    return { ...action, kind: kind ?? action.kind, toReplicas: to ?? action.toReplicas }
  })
  const words = actions.flatMap((action, i) => {
    const before = old.actions[i]
    if (before === undefined || (before.kind === action.kind && before.toReplicas === action.toReplicas))
      return []
    return [
      before.kind === action.kind
        ? setWords(action)
        : `${action.kind} instead of ${before.kind} for ${action.targetName}`,
    ]
  })
  return composeSaga(input, {
    purpose: old.purpose ?? 'capacity',
    direction: old.direction,
    actions,
    summary: words.length > 0 ? `${old.summary}; ${words.join(', ')}` : old.summary,
    reasons: words.length > 0 ? [`A person chose ${words.join(' and ')}.`, ...old.reasons] : old.reasons,
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
function setWords({ targetName, kind, toReplicas }: Action): string {
  return `${targetName} to ${toReplicas} ${unitOf[controlOf[kind]]}`
}
