import type { Action, ActionKind } from './contract.ts'

/** What takes an action of a kind back; a job that was cancelled is gone. */
const opposite: Record<ActionKind, ActionKind | null> = {
  scale: 'scale',
  allocate: 'allocate',
  prewarm: 'prewarm',
  'right-size': 'right-size',
  suspend: 'resume',
  resume: 'suspend',
  cancel: null,
}

/**
 * What takes the actions back: set-points swapped, the last stage first, so that every moment of the way back is one of
 * the way there. null where one of them cannot be taken back.
 */
export function inverse(actions: Action[]): Action[] | null {
  const last = Math.max(0, ...actions.map(({ stage }) => stage ?? 0))
  const back: Action[] = []
  for (const action of actions.toReversed()) {
    const kind = opposite[action.kind]
    if (kind === null) return null
    const { stage, fromReplicas, toReplicas } = action
    back.push({
      ...action,
      kind,
      ...(stage === undefined ? {} : { stage: last - stage }),
      fromReplicas: toReplicas,
      toReplicas: fromReplicas,
    })
  }
  return back
}
