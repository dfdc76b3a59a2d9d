import { at, at32 } from './numeric/arrays.ts'
import type { Slab } from './numeric/slab.ts'

const LOW = 0.05
const HIGH = 0.95

/** How often the stated 90% interval has held, per grid lead, on forecasts exactly as they were issued. */
export class Coverage {
  private readonly grid: readonly number[]
  private readonly window: number
  private readonly low: number
  private readonly high: number
  private readonly bounds: Float32Array
  private readonly hits: Float64Array
  private readonly counts: Float64Array

  constructor(slab: Slab, grid: readonly number[], levels: readonly number[], horizon: number) {
    this.grid = grid
    this.window = horizon + 1
    this.low = levels.indexOf(LOW)
    this.high = levels.indexOf(HIGH)
    this.bounds = slab.f32('coverage.bounds', this.window * grid.length * 2, Number.NaN)
    this.hits = slab.f64('coverage.hits', grid.length)
    this.counts = slab.f64('coverage.counts', grid.length)
  }

  /** Remembers the interval issued at `step`; `quantiles` holds one row of levels per grid lead. */
  record(step: number, quantiles: Float64Array, levelCount: number, teaches: boolean): void {
    if (!teaches) this.skip(step)
    if (!teaches || this.low < 0 || this.high < 0) return
    const first = (step % this.window) * this.grid.length * 2
    for (let g = 0; g < this.grid.length; g++) {
      const row = g * levelCount
      this.bounds[first + 2 * g] = at(quantiles, row + this.low)
      this.bounds[first + 2 * g + 1] = at(quantiles, row + this.high)
    }
  }

  /** Nothing was issued at `step`. */
  skip(step: number): void {
    const first = (step % this.window) * this.grid.length * 2
    this.bounds.fill(Number.NaN, first, first + this.grid.length * 2)
  }

  learn(step: number, value: number): void {
    const rounded = Math.fround(value)
    for (let g = 0; g < this.grid.length; g++) {
      const origin = step - (this.grid[g] ?? 0)
      if (origin < 0) continue
      const cell = ((origin % this.window) * this.grid.length + g) * 2
      const low = at32(this.bounds, cell)
      const high = at32(this.bounds, cell + 1)
      if (Number.isNaN(low)) continue
      this.counts[g] = at(this.counts, g) + 1
      if (rounded >= low && rounded <= high) this.hits[g] = at(this.hits, g) + 1
    }
  }

  /** Share of intervals that held over all leads, and how many were judged; null before the first. */
  measured(): { coverage90: number | null; count: number } {
    let hits = 0
    let count = 0
    for (let g = 0; g < this.grid.length; g++) {
      hits += at(this.hits, g)
      count += at(this.counts, g)
    }
    return { coverage90: count > 0 ? hits / count : null, count }
  }
}
