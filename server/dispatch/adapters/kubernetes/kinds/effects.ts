import type { Effect } from '../kind.ts'
import { isObserved, isTrueNow, type KubeObject } from '../object.ts'
import { statusCount } from './scales.ts'

/** What is said of a status that is older than the spec. */
export const unseen = 'its controller to see the change'

/** A count of its own status, once its controller has seen what it is asked for. `always`: as of `isObserved`. */
export const counted = (object: KubeObject, field: string, always: boolean): Effect => ({
  ready: statusCount(object, field),
  awaits: isObserved(object, always) ? null : unseen,
})

/**
 * A ceiling has taken effect when it is in force and no more is in use than it allows: nothing starts because of it, so
 * there is nothing else to wait for. `condition`: the one by which its controller accepts what it is asked for.
 */
export const underCeiling = (
  object: KubeObject,
  condition: string,
  ceiling: number,
  inUse: number,
): Effect => ({
  ready: Math.max(inUse, ceiling),
  awaits: isTrueNow(object, condition) ? null : `its condition ${condition} to hold for it`,
})
