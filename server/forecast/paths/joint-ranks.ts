import type { JointRanks } from '../contract.ts'
import { leadInterpolation } from '../lead-grid.ts'
import { at, at32 } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'

/** Past origins kept: enough for a 10% event, few enough that what they say is recent. */
const SAMPLES = 128
/** Origins awaiting their targets; a long horizon keeps one origin in so many. */
const PENDING = 7
/** Leads of a path. Grid leads would be too few: what lies between two of them is not as smooth as a line. */
const PATH_LEADS = 64
const COUNT = 0
const NEXT = 1
const GOLDEN = 0.618033988749895
const PLASTIC = 0.7548776662466927

/**
 * How the leads of one forecast come true together: for past origins, the probability at which each lead came
 * true within the forecast as issued (its PIT value). Those rows are the template by which the quantiles of a
 * new forecast become sample paths: the Schaake shuffle (Clark et al. 2004, J. Hydrometeorology 5) on the
 * forecaster's own past, an empirical copula in the sense of Schefzik et al. (2013, Statistical Science 28).
 */
export class JointRankMemory {
  private readonly leads: number[]
  private readonly plan: { index: number; share: number }[]
  private readonly gridLength: number
  private readonly levels: readonly number[]
  private readonly stride: number
  private readonly issued: Float32Array
  private readonly pending: Float32Array
  private readonly rows: Uint8Array
  private readonly counters: Float64Array
  private readonly cell: Float64Array

  constructor(slab: Slab, grid: readonly number[], levels: readonly number[], horizon: number) {
    this.leads = pathLeads(horizon)
    this.plan = leadInterpolation(grid, horizon)
    this.gridLength = grid.length
    this.levels = levels
    this.stride = Math.ceil(horizon / (PENDING - 1))
    this.issued = slab.f32('joint.issued', PENDING * grid.length * levels.length, Number.NaN)
    this.pending = slab.f32('joint.pending', PENDING * this.leads.length, Number.NaN)
    this.rows = slab.u8('joint.rows', SAMPLES * this.leads.length)
    this.counters = slab.f64('joint.counters', 2)
    this.cell = new Float64Array(levels.length)
  }

  /** Remembers the quantiles issued at `step`, one row of levels per grid lead. */
  record(step: number, quantiles: Float64Array): void {
    if (step % this.stride !== 0) return
    const width = this.gridLength * this.levels.length
    const first = this.slotOf(step) * width
    for (let i = 0; i < width; i++) this.issued[first + i] = at(quantiles, i)
  }

  /** Ranks the value of step `step`, NaN for a gap, within every forecast that was made for it. */
  learn(step: number, value: number): void {
    const count = this.leads.length
    const rounded = Math.fround(value)
    for (let i = 0; i < count; i++) {
      const origin = step - (this.leads[i] ?? 0)
      if (origin < 0 || origin % this.stride !== 0) continue
      const slot = this.slotOf(origin)
      if (!this.load(slot, this.leads[i] ?? 1)) continue
      if (!Number.isNaN(value)) {
        // Where many levels share one value, the rank is spread over them: a distributional transform.
        const spread = (step * GOLDEN + i * PLASTIC) % 1
        this.pending[slot * count + i] = rankWithin(this.levels, this.cell, rounded, spread)
      }
      if (i === count - 1) this.complete(slot)
    }
  }

  /** The rows for a snapshot, oldest first; null before the first. */
  toJoint(): JointRanks | null {
    const samples = at(this.counters, COUNT)
    if (samples === 0) return null
    const width = this.leads.length
    const start = samples < SAMPLES ? 0 : at(this.counters, NEXT) * width
    const ordered = [this.rows.subarray(start, samples * width), this.rows.subarray(0, start)]
    return { leads: [...this.leads], samples, ranks: Buffer.concat(ordered).toString('base64') }
  }

  /** Quantiles of one lead from the origin in `slot` into `cell`; false where none were issued. */
  private load(slot: number, lead: number): boolean {
    const { index, share } = this.plan[lead - 1] ?? { index: 0, share: 0 }
    const count = this.levels.length
    const first = (slot * this.gridLength + index) * count
    if (Number.isNaN(at32(this.issued, first))) return false
    for (let q = 0; q < count; q++) {
      const low = at32(this.issued, first + q)
      const high = share > 0 ? at32(this.issued, first + count + q) : low
      this.cell[q] = low + share * (high - low)
    }
    return true
  }

  /** Moves a row whose last target has come to the memory, unless most of it was never measured. */
  private complete(slot: number): void {
    const count = this.leads.length
    const first = slot * count
    let known = 0
    for (let i = 0; i < count; i++) if (!Number.isNaN(at32(this.pending, first + i))) known++
    if (2 * known >= count) {
      const row = at(this.counters, NEXT)
      let i = 0
      while (Number.isNaN(at32(this.pending, first + i))) i++
      let rank = at32(this.pending, first + i)
      for (i = 0; i < count; i++) {
        const own = at32(this.pending, first + i)
        if (!Number.isNaN(own)) rank = own
        this.rows[row * count + i] = Math.round(255 * rank)
      }
      this.counters[NEXT] = (row + 1) % SAMPLES
      this.counters[COUNT] = Math.min(SAMPLES, at(this.counters, COUNT) + 1)
    }
    this.pending.fill(Number.NaN, first, first + count)
    const width = this.gridLength * this.levels.length
    this.issued.fill(Number.NaN, slot * width, (slot + 1) * width)
  }

  private slotOf(origin: number): number {
    return (origin / this.stride) % PENDING
  }
}

/** Every lead, or at most 64 evenly spaced ones up to the horizon. */
function pathLeads(horizon: number): number[] {
  const count = Math.min(horizon, PATH_LEADS)
  return Array.from({ length: count }, (_, i) => Math.round(((i + 1) * horizon) / count))
}

/**
 * Probability at which `value` lies within quantiles, linear between levels and with exponential tails. A value
 * that several levels share gets the probability at `spread` (0 … 1) of theirs.
 */
export function rankWithin(
  levels: readonly number[],
  quantiles: Float64Array,
  value: number,
  spread: number,
): number {
  const last = levels.length - 1
  const level = (i: number) => levels[i] ?? 0
  let below = 0
  while (below <= last && at(quantiles, below) < value) below++
  let upTo = below
  while (upTo <= last && at(quantiles, upTo) === value) upTo++
  if (upTo > below) {
    const low = below === 0 && value === 0 ? 0 : level(below)
    return low + spread * (level(upTo - 1) - low)
  }
  if (below === 0) {
    return level(0) * tailShare(at(quantiles, 1) - at(quantiles, 0), at(quantiles, 0) - value)
  }
  const low = at(quantiles, below - 1)
  if (below > last)
    return 1 - (1 - level(last)) * tailShare(low - at(quantiles, Math.max(0, last - 1)), value - low)
  const share = (value - low) / (at(quantiles, below) - low)
  return level(below - 1) + share * (level(below) - level(below - 1))
}

/** What is left of a tail's mass at `distance` beyond the outermost quantile: it falls by e per interval. */
function tailShare(gap: number, distance: number): number {
  return gap > 0 ? Math.exp(-distance / gap) : 0
}
