import type { BatchingServing } from '../../contract.ts'
import type { BatchingObjective } from './model.ts'
import { pointAt, saturatedRate } from './points.ts'
import { drawRequests } from './requests.ts'

/** Fewer than a whole table is made from: what is asked is how variants compare. */
const requestsDrawn = 1_200
const halvings = 7

/** Highest rate of one replica that keeps every objective, without a table; for comparing variants of one declaration. */
export function sustainableRate(
  serving: BatchingServing,
  objective: BatchingObjective,
  seed: number,
): number {
  const requests = drawRequests(serving, requestsDrawn, seed)
  const keeps = (rate: number) => {
    const { endToEndP99Ms, firstTokenP99Ms } = pointAt(serving, requests, rate)
    return (
      endToEndP99Ms <= objective.endToEndP99Ms &&
      firstTokenP99Ms <= (objective.firstTokenP99Ms ?? Number.POSITIVE_INFINITY)
    )
  }
  let low = 0
  let high = saturatedRate(serving, requests)
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2
    if (keeps(middle)) low = middle
    else high = middle
  }
  return low
}
