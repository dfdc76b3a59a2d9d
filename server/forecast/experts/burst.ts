import { at } from '../numeric/arrays.ts'
import type { Series } from '../series.ts'
import { type ExpertContext, levelParts, type Parts, type PointExpert } from './point-expert.ts'

/** Excess over the ordinary, in slow volatilities, from which a value is part of a burst. */
const THRESHOLD = 2
const FORGETTING = 0.995
const MOST_PERSISTENT = 0.995
const PRIOR_ENERGY = 4
const PRIOR_PERSISTENCE = 0.5

const PRODUCT = 0
const ENERGY = 1

/**
 * Bursts that feed themselves: what exceeds the ordinary level decays geometrically, as the intensity of a Hawkes
 * process with an exponential kernel does between arrivals (Hawkes 1971). The decay is learned from the steps that
 * followed earlier excesses. Below the threshold it stands on the ordinary level.
 */
export class Burst implements PointExpert {
  readonly name = 'burst'
  readonly logarithmic = false
  private readonly series: Series
  private readonly state: Float64Array

  constructor(context: ExpertContext) {
    this.series = context.series
    this.state = context.slab.f64('burst', 2)
    this.state[PRODUCT] = PRIOR_PERSISTENCE * PRIOR_ENERGY
    this.state[ENERGY] = PRIOR_ENERGY
  }

  learn(): void {
    const { identity, current } = this.series
    if (!current || identity.count < 2) return
    const perSlow = 1 / identity.slow
    const before = (identity.lag1 - identity.mean(3)) * perSlow
    if (before < THRESHOLD) return
    const after = Math.max(0, Math.min(2 * before, (identity.y - identity.mean(3)) * perSlow))
    const s = this.state
    // Each excess counts alike: a few giants would otherwise decide alone.
    s[PRODUCT] = at(s, PRODUCT) * FORGETTING + after / before
    s[ENERGY] = at(s, ENERGY) * FORGETTING + 1
  }

  locate(out: Float32Array, offset: number): void {
    for (let g = 0; g < this.series.grid.length; g++) out[offset + g] = this.at(g)
  }

  explain(leadIndex: number): Parts {
    return levelParts(this.series, this.at(leadIndex))
  }

  private at(g: number): number {
    const { identity, grid } = this.series
    const ordinary = identity.mean(3)
    const persistence = Math.min(MOST_PERSISTENT, at(this.state, PRODUCT) / at(this.state, ENERGY))
    return ordinary + (identity.y - ordinary) * persistence ** (grid[g] ?? 1)
  }
}
