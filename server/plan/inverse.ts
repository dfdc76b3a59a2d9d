import type { Action } from './contract.ts'

/** What takes the actions back, in reverse order. */
export function inverse(actions: Action[]): Action[] {
  return actions
    .map((action) => ({ ...action, fromReplicas: action.toReplicas, toReplicas: action.fromReplicas }))
    .toReversed()
}
