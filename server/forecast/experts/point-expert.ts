import type { FeatureWindow } from '../features.ts'
import type { Slab } from '../numeric/slab.ts'
import type { Series } from '../series.ts'

/** How a location splits over the groups that explanations speak of, in the expert's own space. */
export type Parts = { level: number; trend: number; season: number; momentum: number }

/**
 * One way to place the centre of the forecast. Distributions around it are learned elsewhere, from its own
 * past errors, so an expert is only what is particular to it.
 */
export interface PointExpert {
  readonly name: string
  /** Whether it thinks in log space: its errors grow with the value, and its parts are logarithms. */
  readonly logarithmic: boolean
  /** Updates own state with the current step, which may be a gap; called after `series.learn`. */
  learn(): void
  /** Writes the location, in the unit of the series, at every grid lead from `offset` on; NaN while the expert sleeps. */
  locate(out: Float32Array, offset: number): void
  /** Splits (location at this grid lead − long-run mean) so that the parts sum to it. */
  explain(leadIndex: number): Parts
}

/** What experts are built from. */
export type ExpertContext = {
  slab: Slab
  series: Series
  grid: readonly number[]
  identityFeatures: FeatureWindow
  logFeatures: FeatureWindow
}

export const NO_PARTS: Parts = { level: 0, trend: 0, season: 0, momentum: 0 }

/** Parts of an expert that stands on `location` without trend or season. */
export function levelParts(series: Series, location: number): Parts {
  const { identity } = series
  const level = identity.mean(2) - identity.mean(4)
  return { ...NO_PARTS, level, momentum: location - identity.mean(2) }
}
