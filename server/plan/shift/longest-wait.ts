import type { Arrival, Hour } from './problem.ts'

/**
 * The longest that anything waits until it is done, in seconds, where work is done in the order in which it came; after the last hour its
 * level goes on. Infinite where something is never done.
 */
export function longestWaitSeconds(
  arrivals: readonly Arrival[],
  hours: readonly Hour[],
  levels: readonly number[],
): number {
  let at = hours[0]?.fromMs ?? 0
  let hour = 0
  let longest = 0
  for (const { sinceMs, readyMs, work } of arrivals) {
    at = Math.max(at, readyMs)
    let left = work * 1_000
    while (left > 0) {
      const level = levels[hour] ?? 0
      const isLast = hour >= hours.length - 1
      const end = isLast ? Number.POSITIVE_INFINITY : (hours[hour]?.toMs ?? at)
      if (level === 0 && isLast) return Number.POSITIVE_INFINITY
      const takes = level > 0 ? left / level : Number.POSITIVE_INFINITY
      if (at + takes <= end) {
        at += takes
        left = 0
      } else {
        left -= Math.max(0, end - at) * level
        at = Math.max(at, end)
        hour++
      }
    }
    longest = Math.max(longest, at - sinceMs)
  }
  return longest / 1_000
}
