import { at } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'

export type AdaptiveLevelOptions = {
  /** Share of misses that is promised, α. */
  promised: number
  /** η of each row at first: how far one miss moves the level. */
  rates: readonly number[]
  /** Share of its first η that a row's η falls to, as 1 / √(1 + n / rounds); 1 keeps it as it is. */
  floors: readonly number[]
  rounds: number
  /** The level stays within these. Only with low < 0 and high > 1 is the bound below unconditional. */
  low: number
  high: number
}

/**
 * Adaptive conformal inference (Gibbs and Candès 2021): α_{t+1} = α_t + η(α − err_t), one α per row. err_t is the share
 * of a step's forecasts that missed. Summing up, |mean err − α| = |α_{T+1} − α_1| / (ηT). When a level ≤ 0 cannot miss and
 * a level ≥ 1 must, that is at most (max(α_1, 1 − α_1) + η) / (ηT); with misses learned h steps late,
 * (max(α_1, 1 − α_1) + (h + 1)η) / (ηT), since a level moves on for h steps before it hears of its effect.
 */
export class AdaptiveLevels {
  private readonly options: AdaptiveLevelOptions
  private readonly levels: Float64Array
  private readonly counts: Float64Array

  constructor(slab: Slab, name: string, options: AdaptiveLevelOptions) {
    this.options = options
    this.levels = slab.f64(name, options.rates.length, options.promised)
    this.counts = slab.f64(`${name}.rounds`, options.rates.length)
  }

  /** Level at which the tail of `row` is to be read now. */
  level(row: number): number {
    return at(this.levels, row)
  }

  learn(row: number, missed: number): void {
    const { promised, rates, floors, rounds, low, high } = this.options
    const count = at(this.counts, row)
    this.counts[row] = count + 1
    const decay = Math.max(floors[row] ?? 1, 1 / Math.sqrt(1 + count / rounds))
    const next = at(this.levels, row) + (rates[row] ?? 0) * decay * (promised - missed)
    this.levels[row] = next < low ? low : next > high ? high : next
  }
}
