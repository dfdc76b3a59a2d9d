import type { WaitingWork } from '../contract.ts'

type Step = { at: Date; value: number | null }

/** A queue that was measured within so many steps is as it was measured. */
const freshSteps = 4

/** What waits now: as last measured and, where that is long ago, with all that came in since. Null where it was never measured. */
export function depthNow(queue: readonly Step[], past: readonly Step[], stepSeconds: number): number | null {
  const last = queue.findLast(({ value }) => value !== null)
  if (last === undefined) return null
  const since = past.filter(({ at }) => at > last.at)
  if (since.length <= freshSteps) return last.value
  return since.reduce((sum, { value }) => sum + Math.max(0, value ?? 0) * stepSeconds, last.value ?? 0)
}

/**
 * Since when the work in a queue waits: it is the newest that came in, because work is done in the order in which it came. What the past
 * steps do not account for has waited since the first of them. Oldest first.
 */
export function waitingIn(
  queueDepth: number,
  past: readonly { at: Date; value: number | null }[],
  stepSeconds: number,
): WaitingWork[] {
  const found: WaitingWork[] = []
  let left = queueDepth
  for (const { at, value } of past.toReversed()) {
    if (left <= 0) break
    const units = Math.min(left, Math.max(0, value ?? 0) * stepSeconds)
    left -= units
    if (units > 0) found.unshift({ since: at.toISOString(), units })
  }
  const [oldest] = past
  if (left > 0 && oldest) found.unshift({ since: oldest.at.toISOString(), units: left })
  return found
}
