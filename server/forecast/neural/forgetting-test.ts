import type { ForgettingGroup, ForgettingTest } from './contract.ts'
import { lossOf } from './train.ts'
import type { Rows } from './training-rows.ts'

/** By how much a group may be worse under the candidate; more is forgetting. */
export const ALLOWED_WORSE = 0.05
/** Groups of fewer rows are shown, and not judged: chance alone moves them further. */
export const JUDGED_FROM_ROWS = 12

export type HeldOut = { name: string; kind: ForgettingGroup['kind']; rows: Rows }

/**
 * The candidate against the base in use on rows that neither has trained on: mean pinball loss per group. Passed only if
 * no judged group is worse by more than the allowed share.
 */
export function forgettingTest(
  current: Float64Array,
  candidate: Float64Array,
  groups: readonly HeldOut[],
): ForgettingTest {
  const judged = groups.map(({ name, kind, rows }): ForgettingGroup => {
    const [before, after] = [lossOf(current, rows), lossOf(candidate, rows)]
    // A loss that is no number was not measured, and nobody passes on it.
    const measured = Number.isFinite(before) && Number.isFinite(after)
    const change = measured && before > 0 ? after / before - 1 : measured && after === 0 ? 0 : 1
    return {
      name,
      kind,
      rows: rows.count,
      current: measured ? before : 0,
      candidate: measured ? after : 0,
      change,
      judged: rows.count >= JUDGED_FROM_ROWS,
    }
  })
  const counted = judged.filter((group) => group.judged)
  const worst = counted.reduce<ForgettingGroup | null>(
    (found, group) => (found === null || group.change > found.change ? group : found),
    null,
  )
  return {
    allowedWorse: ALLOWED_WORSE,
    groups: judged,
    worst: worst && { name: worst.name, change: worst.change },
    passed: worst !== null && worst.change <= ALLOWED_WORSE,
  }
}
