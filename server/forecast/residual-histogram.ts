import { at, at16, at32 } from './numeric/arrays.ts'
import type { Slab } from './numeric/slab.ts'

/** Odd, so that "exactly as forecast" has a bin of its own. */
const BINS = 39
const HALF = (BINS - 1) / 2
/** u = ln(1 + SHARPNESS·|z|): bins are narrow around zero and widen with the error. */
const SHARPNESS = 3
const REACH = Math.log(1 + SHARPNESS * 100)
const WIDTH = REACH / HALF
const PRIOR_WEIGHT = 80
/** Masses are whole numbers below 2^16: units are so small that a bin can hold a whole memory and the prior. */
const LARGEST_MASS = 65_000
const LARGEST_UNIT = 200

const zOf = (u: number): number => (Math.sign(u) * (Math.exp(Math.abs(u)) - 1)) / SHARPNESS
/** Bin borders in z; the outermost bins end half a bin beyond the reach. */
const BORDERS = Float64Array.from({ length: BINS + 1 }, (_, i) => zOf((i - HALF - 0.5) * WIDTH))

/** Position of a standardised residual on the bin axis, as a fractional bin index. */
export function binPosition(z: number): number {
  const u = Math.log(1 + SHARPNESS * Math.abs(z)) / WIDTH
  const position = z < 0 ? HALF - u : HALF + u
  return position < 0 ? 0 : position > BINS - 1 ? BINS - 1 : position
}

/**
 * Distributions of standardised residuals (y − location) / scale, one histogram per cell, each with its own memory in
 * observations. They start as a Laplace law of a given width with the weight of eighty observations, half the memory
 * where that is short. Old mass is forgotten by letting the unit of new mass grow and halving all when it has doubled.
 */
export class ResidualHistograms {
  private readonly bins: Uint16Array
  private readonly units: Float32Array
  /** Derived from the bins: mass of a cell, and quantiles[cell * Q + q]. */
  private readonly totals: Float64Array
  readonly quantiles: Float32Array
  private readonly levels: Float64Array
  private readonly memories: Float64Array

  /** `memories[cell]`: observations that a cell remembers; `widths[cell]`: mean absolute deviation of its prior. */
  constructor(slab: Slab, memories: Float64Array, widths: Float64Array, levels: readonly number[]) {
    const cells = memories.length
    this.bins = slab.u16('residuals', cells * BINS)
    this.units = slab.f32('residuals.unit', cells)
    this.totals = new Float64Array(cells)
    this.levels = Float64Array.from(levels)
    this.quantiles = new Float32Array(cells * levels.length)
    this.memories = memories
    for (let cell = 0; cell < cells; cell++) this.prime(cell, at(widths, cell))
  }

  /** Adds one residual, given as `binPosition(z)`. */
  learn(cell: number, position: number): void {
    const memory = at(this.memories, cell)
    let unit = at32(this.units, cell) * (1 + 1 / memory)
    if (unit > 2 * this.smallestUnit(cell)) {
      this.halve(cell)
      unit /= 2
    }
    this.units[cell] = unit
    const low = Math.min(BINS - 2, Math.floor(position))
    const upper = Math.round((position - low) * unit)
    const lower = Math.round(unit) - upper
    const offset = cell * BINS + low
    this.bins[offset] = at16(this.bins, offset) + lower
    this.bins[offset + 1] = at16(this.bins, offset + 1) + upper
    this.totals[cell] = at(this.totals, cell) + lower + upper
    this.invert(cell)
  }

  /** Recomputes what is derived from a cell's bins; masses are whole numbers, so nothing depends on their order. */
  refresh(cell: number): void {
    let total = 0
    for (let i = cell * BINS; i < (cell + 1) * BINS; i++) total += at16(this.bins, i)
    this.totals[cell] = total
    this.invert(cell)
  }

  /** The cell's quantiles, by inverting its distribution function, a bin's mass being spread evenly. */
  private invert(cell: number): void {
    const first = cell * BINS
    const out = cell * this.levels.length
    const bins = this.bins
    const total = at(this.totals, cell)
    let bin = 0
    let below = 0
    let mass = at16(bins, first)
    for (let q = 0; q < this.levels.length; q++) {
      const wanted = at(this.levels, q) * total
      while (below + mass < wanted && bin < BINS - 1) {
        below += mass
        mass = at16(bins, first + ++bin)
      }
      const share = mass > 0 ? Math.min(1, (wanted - below) / mass) : 0.5
      const low = at(BORDERS, bin)
      this.quantiles[out + q] = low + share * (at(BORDERS, bin + 1) - low)
    }
  }

  private prime(cell: number, width: number): void {
    const unit = this.smallestUnit(cell)
    const weight = Math.min(PRIOR_WEIGHT, at(this.memories, cell) / 2) * unit
    const cdf = (z: number) => (z < 0 ? 0.5 * Math.exp(z / width) : 1 - 0.5 * Math.exp(-z / width))
    for (let i = 0; i < BINS; i++) {
      const low = i === 0 ? 0 : cdf(at(BORDERS, i))
      const high = i === BINS - 1 ? 1 : cdf(at(BORDERS, i + 1))
      this.bins[cell * BINS + i] = Math.round(weight * (high - low))
    }
    this.units[cell] = unit
    this.refresh(cell)
  }

  private smallestUnit(cell: number): number {
    return Math.min(LARGEST_UNIT, Math.floor(LARGEST_MASS / 2 / (at(this.memories, cell) + PRIOR_WEIGHT + 1)))
  }

  private halve(cell: number): void {
    let total = 0
    for (let i = cell * BINS; i < (cell + 1) * BINS; i++) {
      const mass = at16(this.bins, i) >> 1
      this.bins[i] = mass
      total += mass
    }
    this.totals[cell] = total
  }
}
