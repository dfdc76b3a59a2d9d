import { GROUPS } from '../mixture.ts'
import { at } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'

/** Rounds over which losses are remembered. */
const MEMORY = 2_000
/** How sharply weight follows the ratio of losses, and the rounds after which that is fully trusted. */
const SHARPNESS = 30
const FULL_TRUST = 30
/** Log ratio of losses at which both have the same weight. */
const EVEN = 0.03

const OWN = 0
const ANCHOR = 1
const ROUNDS = 2
const FIELDS = 3

/**
 * Keeps the aggregate from being worse than one simple voice, the anchor, over the life of the series. Squint tells apart
 * what is clearly better or worse at each level; a few percent, spread over all levels, are lost in its noise. Here the
 * losses of all levels and leads of a group are added up in the unit of the series, as forecasts are judged, and the
 * anchor's weight is w = σ(κ · min(1, n/30) · (ln(L / L_anchor) − ε)).
 */
export class Guard {
  private readonly sums: Float64Array

  constructor(slab: Slab) {
    this.sums = slab.f64('aggregation.guard', GROUPS * FIELDS)
  }

  /** Adds one round of `group`: pinball losses of the aggregate and of the anchor for the same targets. */
  learn(group: number, own: number, anchor: number): void {
    const first = group * FIELDS
    this.sums[first + OWN] = at(this.sums, first + OWN) * (1 - 1 / MEMORY) + own
    this.sums[first + ANCHOR] = at(this.sums, first + ANCHOR) * (1 - 1 / MEMORY) + anchor
    this.sums[first + ROUNDS] = at(this.sums, first + ROUNDS) + 1
  }

  /** Share of the anchor in what is said of `group`. */
  share(group: number): number {
    const first = group * FIELDS
    const own = at(this.sums, first + OWN)
    const anchor = at(this.sums, first + ANCHOR)
    const trust = SHARPNESS * Math.min(1, at(this.sums, first + ROUNDS) / FULL_TRUST)
    const excess = own > 0 && anchor > 0 ? Math.log(own / anchor) : 0
    return 1 / (1 + Math.exp(-trust * (excess - EVEN)))
  }
}
