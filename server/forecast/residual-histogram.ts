import { at, at32 } from './numeric/arrays.ts'
import type { Slab } from './numeric/slab.ts'

/** Odd, so that "exactly as forecast" has a bin of its own. */
const BINS = 63
const HALF = (BINS - 1) / 2
/** z = sinh(u) / SHARPNESS: bins are narrow around zero and widen with the error. */
const SHARPNESS = 3
const REACH = Math.asinh(SHARPNESS * 100)
const WIDTH = REACH / HALF
const PRIOR_WEIGHT = 20
const LARGEST_UNIT = 1e6

const zOf = (u: number): number => Math.sinh(u) / SHARPNESS
/** Bin borders in z; the outermost bins end half a bin beyond the reach. */
const BORDERS = Float64Array.from({ length: BINS + 1 }, (_, i) => zOf((i - HALF - 0.5) * WIDTH))

/** Position of a standardised residual on the bin axis, as a fractional bin index. */
export function binPosition(z: number): number {
  const position = Math.asinh(SHARPNESS * z) / WIDTH + HALF
  return position < 0 ? 0 : position > BINS - 1 ? BINS - 1 : position
}

/**
 * Distributions of standardised residuals (y − location) / scale, one histogram per cell, each forgetting at
 * its own rate. They start as a Laplace law of a given width with the weight of twenty observations.
 */
export class ResidualHistograms {
  private readonly bins: Float32Array
  /** Mass of a cell, and what the next residual weighs: it grows instead of all bins shrinking. */
  private readonly totals: Float64Array
  private readonly units: Float64Array
  /** quantiles[cell * Q + q]: derived from the bins, kept up to date for the inner loops. */
  readonly quantiles: Float64Array
  private readonly levels: Float64Array

  constructor(slab: Slab, cells: number, levels: readonly number[]) {
    this.bins = slab.f32('residuals', cells * BINS)
    this.totals = slab.f64('residuals.total', cells, PRIOR_WEIGHT)
    this.units = slab.f64('residuals.unit', cells, 1)
    this.levels = Float64Array.from(levels)
    this.quantiles = new Float64Array(cells * levels.length)
  }

  /** Fills a cell with the Laplace prior whose mean absolute deviation is `width`. */
  prime(cell: number, width: number): void {
    const cdf = (z: number) => (z < 0 ? 0.5 * Math.exp(z / width) : 1 - 0.5 * Math.exp(-z / width))
    for (let i = 0; i < BINS; i++) {
      const low = i === 0 ? 0 : cdf(at(BORDERS, i))
      const high = i === BINS - 1 ? 1 : cdf(at(BORDERS, i + 1))
      this.bins[cell * BINS + i] = PRIOR_WEIGHT * (high - low)
    }
    this.refresh(cell)
  }

  /** Adds one residual, given as `binPosition(z)`, after forgetting with `decay`. */
  learn(cell: number, position: number, decay: number): void {
    const unit = at(this.units, cell) / decay
    const low = Math.min(BINS - 2, Math.floor(position))
    const share = position - low
    const offset = cell * BINS + low
    this.bins[offset] = at32(this.bins, offset) + (1 - share) * unit
    this.bins[offset + 1] = at32(this.bins, offset + 1) + share * unit
    this.units[cell] = unit
    this.totals[cell] = at(this.totals, cell) + unit
    if (unit > LARGEST_UNIT) this.rescale(cell)
    this.refresh(cell)
  }

  private rescale(cell: number): void {
    const perUnit = 1 / at(this.units, cell)
    let total = 0
    for (let i = cell * BINS; i < (cell + 1) * BINS; i++) {
      const mass = Math.fround(at32(this.bins, i) * perUnit)
      this.bins[i] = mass
      total += mass
    }
    this.units[cell] = 1
    this.totals[cell] = total
  }

  /** Recomputes the cell's quantiles by inverting its distribution function, a bin's mass being spread evenly. */
  refresh(cell: number): void {
    const first = cell * BINS
    const out = cell * this.levels.length
    const total = at(this.totals, cell)
    let bin = 0
    let below = 0
    let mass = at32(this.bins, first)
    for (let q = 0; q < this.levels.length; q++) {
      const wanted = at(this.levels, q) * total
      while (below + mass < wanted && bin < BINS - 1) {
        below += mass
        mass = at32(this.bins, first + ++bin)
      }
      const share = mass > 0 ? Math.min(1, (wanted - below) / mass) : 0.5
      const low = at(BORDERS, bin)
      this.quantiles[out + q] = low + share * (at(BORDERS, bin + 1) - low)
    }
  }
}
