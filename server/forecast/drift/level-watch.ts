import { at } from '../numeric/arrays.ts'
import { deviationsOf } from '../numeric/normal-deviation.ts'
import type { Slab } from '../numeric/slab.ts'
import { rankWithin } from '../paths/joint-ranks.ts'

/** Distance from the forecast, in its own standard deviations, and ratio to it, that no ordinary error reaches. */
const FAR = 5
const RATIO = Math.log(1.25)
const RELATIVE_FLOOR = 1e-3
/** Values in a row that make a level worth a name, if the spread of their log ratios is this share of the mean. */
const CONFIRMATIONS = 3
const AGREEMENT = 0.25
/** Values after which a surprise counts as one that lasted, and steps after which experts have caught up with it. */
const LASTING = 6
const PATIENCE = 18
/** Where surprises are no rarer than this, experts know them by themselves; before so many values nobody can tell. */
const RARE = 0.01
const RATE_MEMORY = 1_000
const WARM = 120
/** Before a series has shown it: how often a surprise of one, two, … values lasts, with the weight of so many. */
const PRIOR = [0.25, 0.4, 0.5, 0.6, 0.7, 0.75]
const PRIOR_WEIGHT = 4
const BISECTIONS = 20

const REFERENCE_STEP = 0
const SINCE = 1
const COUNT = 2
const SUM = 3
const SQUARES = 4
const RATE = 5
const OBSERVED = 6
/** By the number of values so far: surprises that came to it, and those of them that lasted. */
const REACHED = 7
const LASTED = REACHED + LASTING
const FIELDS = LASTED + LASTING

/**
 * Finds lasting changes of level. The reference is the last forecast from before the surprise: season and trend are in
 * it, so only what nobody could foresee counts. A level is new when several values in a row are far beyond the
 * reference on one side and agree with each other: an intervention in the sense of Box and Tiao (1975, JASA 70). From
 * the first of them on, until experts have caught up, the chance that it lasts is mixed into what is issued.
 */
export class LevelWatch {
  private readonly grid: readonly number[]
  private readonly levels: readonly number[]
  private readonly reference: Float64Array
  private readonly fields: Float64Array
  private readonly perUpper: number
  private readonly perLower: number
  private readonly median: number
  private readonly stays: Float64Array
  private readonly lasts: Float64Array

  constructor(slab: Slab, grid: readonly number[], levels: readonly number[]) {
    this.grid = grid
    this.levels = levels
    this.reference = slab.f64('drift.reference', grid.length * levels.length, Number.NaN)
    this.fields = slab.f64('drift.level', FIELDS)
    this.perUpper = 1 / Math.max(0.1, deviationsOf(levels.at(-1) ?? 0.5))
    this.perLower = 1 / Math.max(0.1, -deviationsOf(levels[0] ?? 0.5))
    this.median = levels.indexOf(0.5)
    this.stays = new Float64Array(levels.length)
    this.lasts = new Float64Array(levels.length)
  }

  /** Whether the last value was a surprise that is not settled yet. */
  get surprised(): boolean {
    return at(this.fields, COUNT) > 0
  }
  /** Step at which the present, or last, surprise began. */
  get since(): number {
    return at(this.fields, SINCE)
  }

  /** Takes the forecast issued at `step` as the reference, unless a surprise is under way. */
  observe(step: number, issued: Float64Array): void {
    if (this.surprised) return
    this.fields[REFERENCE_STEP] = step
    this.reference.set(issued)
  }

  /**
   * While a surprise is under way: the forecast issued at `step` with the chance that the new level lasts mixed in, as
   * often as it has in this series. That part is the reference, moved to the new level; being far from the rest, it
   * takes the outer quantiles of its side.
   */
  blend(step: number, issued: Float64Array): void {
    if (!this.surprised || !this.rare) return
    const seen = Math.min(LASTING, at(this.fields, COUNT)) - 1
    const lasted = at(this.fields, LASTED + seen) + PRIOR_WEIGHT * (PRIOR[seen] ?? 1)
    const chance = lasted / (at(this.fields, REACHED + seen) + PRIOR_WEIGHT)
    const factor = Math.exp(at(this.fields, SUM) / at(this.fields, COUNT))
    const count = this.levels.length
    for (let g = 0; g < this.grid.length; g++) {
      const ahead = this.leadIndex(step + (this.grid[g] ?? 1)) * count
      const own = issued.subarray(g * count, (g + 1) * count)
      for (let q = 0; q < count; q++) {
        this.stays[q] = at(own, q)
        this.lasts[q] = factor * at(this.reference, ahead + q)
      }
      for (let q = 0; q < count; q++) own[q] = this.mixed(this.levels[q] ?? 0.5, chance)
    }
  }

  /** Quantile at `level` of the mixture of `stays` and, with probability `chance`, `lasts`, by bisection. */
  private mixed(level: number, chance: number): number {
    const last = this.levels.length - 1
    let low = Math.min(at(this.stays, 0), at(this.lasts, 0))
    let high = Math.max(at(this.stays, last), at(this.lasts, last))
    for (let i = 0; i < BISECTIONS; i++) {
      const middle = 0.5 * (low + high)
      const lasting = rankWithin(this.levels, this.lasts, middle, 1)
      const below = chance * lasting + (1 - chance) * rankWithin(this.levels, this.stays, middle, 1)
      if (below < level) low = middle
      else high = middle
    }
    return high
  }

  /** New over old level when the value of `step` is the one that gives a lasting change its name; otherwise 1. */
  judge(step: number, value: number): number {
    const f = this.fields
    f[OBSERVED] = at(f, OBSERVED) + 1
    f[RATE] = at(f, RATE) * (1 - 1 / RATE_MEMORY)
    const ratio = this.surpriseOf(step, value)
    // Long enough for the experts: their next forecast is the reference again.
    const over = this.surprised && step - this.since >= PATIENCE
    if (ratio * at(f, SUM) < 0 || over || ratio === 0) this.forget()
    if (over || ratio === 0) return 1
    if (!this.surprised) {
      f[SINCE] = step
      f[RATE] = at(f, RATE) + 1 / RATE_MEMORY
    }
    const count = at(f, COUNT) + 1
    f[COUNT] = count
    f[SUM] = at(f, SUM) + ratio
    f[SQUARES] = at(f, SQUARES) + ratio * ratio
    if (count <= LASTING) f[REACHED + count - 1] = at(f, REACHED + count - 1) + 1
    if (count === LASTING) for (let k = 0; k < LASTING; k++) f[LASTED + k] = at(f, LASTED + k) + 1
    if (count !== CONFIRMATIONS) return 1
    const mean = at(f, SUM) / count
    const variance = Math.max(0, at(f, SQUARES) / count - mean * mean)
    return Math.sqrt(variance) > AGREEMENT * Math.abs(mean) ? 1 : Math.exp(mean)
  }

  /** Median that was forecast for `step` before the surprise; NaN before the first forecast. */
  expected(step: number): number {
    return at(this.reference, this.leadIndex(step) * this.levels.length + this.median)
  }

  /** Ends the surprise that is under way. */
  forget(): void {
    this.fields.fill(0, COUNT, SQUARES + 1)
  }

  private get rare(): boolean {
    return at(this.fields, OBSERVED) > WARM && at(this.fields, RATE) <= RARE
  }

  /** Log of value over reference where that is far beyond an ordinary error, otherwise 0. */
  private surpriseOf(step: number, value: number): number {
    const count = this.levels.length
    const first = this.leadIndex(step) * count
    const middle = at(this.reference, first + this.median)
    if (!(middle > 0) || !(value > 0)) return 0
    const error = value - middle
    const reach =
      error < 0 ? middle - at(this.reference, first) : at(this.reference, first + count - 1) - middle
    const deviation = Math.max(reach, RELATIVE_FLOOR * middle) * (error < 0 ? this.perLower : this.perUpper)
    const ratio = Math.log(value / middle)
    return Math.abs(error) > FAR * deviation && Math.abs(ratio) > RATIO ? ratio : 0
  }

  private leadIndex(step: number): number {
    const lead = step - at(this.fields, REFERENCE_STEP)
    let g = 0
    while (g + 1 < this.grid.length && (this.grid[g] ?? 0) < lead) g++
    return g
  }
}
