import type { ForecastSnapshot } from '../contract.ts'
import { quantileAt } from '../quantile-function.ts'
import type { ReviewScores } from './contract.ts'

/** Scores of a forecast as issued: `measured[i]` is what came at its lead i + 1, null where nothing was measured. */
export function scoreReview(
  { levels, leads }: Pick<ForecastSnapshot, 'levels' | 'leads'>,
  measured: readonly (number | null)[],
): ReviewScores {
  let judged = 0
  let held = 0
  let absolute = 0
  let loss = 0
  let magnitude = 0
  for (const [i, { values }] of leads.entries()) {
    const actual = measured[i] ?? null
    if (actual === null) continue
    judged++
    magnitude += Math.abs(actual)
    absolute += Math.abs(actual - quantileAt(levels, values, 0.5))
    if (actual >= quantileAt(levels, values, 0.05) && actual <= quantileAt(levels, values, 0.95)) held++
    for (const [q, level] of levels.entries()) {
      const error = actual - (values[q] ?? 0)
      loss += (2 * (error >= 0 ? level * error : (level - 1) * error)) / levels.length
    }
  }
  return {
    judged,
    held90: judged > 0 ? held / judged : null,
    meanAbsoluteError: judged > 0 ? absolute / judged : null,
    weightedQuantileLoss: magnitude > 0 ? loss / magnitude : null,
  }
}
