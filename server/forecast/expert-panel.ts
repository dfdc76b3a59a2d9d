import type { PointExpert } from './experts/point-expert.ts'
import { leadGroups } from './lead-grid.ts'
import { GROUPS, Mixture } from './mixture.ts'
import { at, at32 } from './numeric/arrays.ts'
import type { Slab } from './numeric/slab.ts'
import { binPosition, ResidualHistograms } from './residual-histogram.ts'
import { SCALES, type Spread } from './roster.ts'
import type { Series } from './series.ts'

/** Loss of one quantile at one lead is capped, so that one spike cannot decide who is trusted. */
const LOSS_CAP = 20
const SCALE_COUNT = 2 * SCALES.length

export type PanelMember = { expert: PointExpert; spreads: Spread[] }
type Variant = { point: number; scale: number; decay: number; logarithmic: boolean }

/**
 * The experts with their residual distributions and the mixture over them. A variant is one expert with one
 * spread. Locations of the last `window` origins are kept until their targets have come.
 */
export class ExpertPanel {
  readonly members: readonly PanelMember[]
  readonly variants: readonly Variant[]
  readonly mixture: Mixture
  private readonly series: Series
  private readonly grid: readonly number[]
  private readonly groups: readonly number[]
  private readonly levels: Float64Array
  private readonly window: number
  /** The variant by which each member stands alone. */
  private readonly plain: readonly number[]
  private readonly residuals: ResidualHistograms
  private readonly locations: Float32Array
  private readonly scales: Float64Array
  private readonly teaches: Float64Array
  private readonly lossSums: Float64Array
  private readonly cell: Float64Array
  private readonly mass: Float64Array

  constructor(slab: Slab, series: Series, members: PanelMember[], options: PanelOptions) {
    const { levels, horizon } = options
    const grid = series.grid
    this.series = series
    this.grid = grid
    this.members = members
    this.window = horizon + 1
    this.levels = Float64Array.from(levels)
    this.groups = leadGroups(grid, horizon)
    this.variants = members.flatMap(({ expert, spreads }, point) =>
      spreads.map(({ scale, memory }) => ({
        point,
        scale: SCALES.indexOf(scale) + (expert.logarithmic ? SCALES.length : 0),
        decay: 1 - 1 / memory,
        logarithmic: expert.logarithmic,
      })),
    )
    this.plain = members.map((_, point) => this.variants.findLastIndex((variant) => variant.point === point))
    this.locations = slab.f32('panel.locations', this.window * members.length * grid.length, Number.NaN)
    this.scales = slab.f64('panel.scales', this.window * SCALE_COUNT)
    this.teaches = slab.f64('panel.teaches', this.window)
    this.residuals = new ResidualHistograms(slab, this.variants.length * grid.length, levels)
    this.mixture = new Mixture(slab, this.variants.length, levels.length)
    this.lossSums = new Float64Array(GROUPS * levels.length * this.variants.length)
    this.cell = new Float64Array(levels.length)
    this.mass = new Float64Array(levels.length)
    for (let k = 0; k < this.variants.length; k++) {
      for (let g = 0; g < grid.length; g++) {
        this.residuals.prime(k * grid.length + g, 0.8 * Math.sqrt(1 + 0.3 * ((grid[g] ?? 1) - 1)))
      }
    }
  }

  /** Recomputes everything that is derived from saved state. */
  refresh(): void {
    for (let cell = 0; cell < this.variants.length * this.grid.length; cell++) this.residuals.refresh(cell)
    this.mixture.refresh()
  }

  /** Largest value that a quantile may take: twice the slowly forgotten maximum. */
  get cap(): number {
    return 2 * this.series.decayingMax
  }

  /**
   * Scores and teaches every variant with the value of step `step`, before the experts move on. With `turns`
   * above one, only every so-manieth lead is judged at a step, each in its turn.
   */
  learn(step: number, value: number, turns: number): void {
    this.lossSums.fill(0)
    for (let group = 0; group < GROUPS; group++) {
      let leads = 0
      for (let g = 0; g < this.grid.length; g++) {
        const origin = step - (this.grid[g] ?? 0)
        if (this.groups[g] !== group || origin < 0 || (g + step) % turns !== 0) continue
        if (at(this.teaches, origin % this.window) === 0) continue
        leads++
        this.learnLead(g, group, origin % this.window, value)
      }
      if (leads > 0) this.settle(group, leads)
    }
  }

  /** Records locations and scales of origin `step`. */
  record(step: number): void {
    const slot = step % this.window
    const { identity, log, levelRatio } = this.series
    this.teaches[slot] = this.series.current ? 1 : 0
    const first = slot * SCALE_COUNT
    this.scales[first] = identity.sigma
    this.scales[first + 1] = identity.slow
    this.scales[first + 2] = identity.slow * levelRatio
    this.scales[first + 3] = identity.steady
    this.scales[first + 4] = log.sigma
    this.scales[first + 5] = log.slow
    this.scales[first + 6] = log.slow
    this.scales[first + 7] = log.steady
    for (let p = 0; p < this.members.length; p++) {
      this.members[p]?.expert.locate(this.locations, (slot * this.members.length + p) * this.grid.length)
    }
  }

  /** Mixture quantiles of one grid lead from origin `step`, sorted and capped, into `out[offset…]`. */
  forecast(step: number, g: number, out: Float64Array, offset: number): void {
    const count = this.levels.length
    const slot = step % this.window
    const group = this.groups[g] ?? 0
    const weights = this.mixture.weights
    out.fill(0, offset, offset + count)
    this.mass.fill(0)
    for (let k = 0; k < this.variants.length; k++) {
      if (!this.quantiles(k, g, slot)) continue
      for (let q = 0; q < count; q++) {
        const weight = at(weights, (group * count + q) * this.variants.length + k)
        out[offset + q] = at(out, offset + q) + weight * at(this.cell, q)
        this.mass[q] = at(this.mass, q) + weight
      }
    }
    for (let q = 0; q < count; q++) {
      const mass = at(this.mass, q)
      out[offset + q] = mass > 0 ? at(out, offset + q) / mass : Math.max(0, this.series.identity.y)
    }
    sortRange(out, offset, offset + count)
    const zeroBelow = this.series.zeroBelow
    for (let q = offset; at(out, q) < zeroBelow && q < offset + count; q++) out[q] = 0
  }

  /** Names of the plain experts, in the order of `expertQuantiles`. */
  get expertNames(): string[] {
    return this.members.map(({ expert }) => expert.name)
  }

  /**
   * Quantiles of plain expert `member` alone (its most lasting spread) at one grid lead from origin `step`, into
   * `out[offset…]`; NaN while it sleeps.
   */
  expertQuantiles(member: number, g: number, step: number, out: Float64Array, offset: number): void {
    const k = this.plain[member] ?? 0
    const awake = this.quantiles(k, g, step % this.window)
    for (let q = 0; q < this.levels.length; q++) out[offset + q] = awake ? at(this.cell, q) : Number.NaN
  }

  /** Location of variant `k` at origin `step`; NaN while it sleeps. */
  location(k: number, g: number, step: number): number {
    const point = this.variants[k]?.point ?? 0
    return at32(this.locations, ((step % this.window) * this.members.length + point) * this.grid.length + g)
  }

  /** Distance of quantile `q` from the location of variant `k` at origin `step`, in the variant's space. */
  offset(k: number, g: number, q: number, step: number): number {
    const scale = at(this.scales, (step % this.window) * SCALE_COUNT + (this.variants[k]?.scale ?? 0))
    return scale * at(this.residuals.quantiles, (k * this.grid.length + g) * this.levels.length + q)
  }

  /** Weight of variant `k` for quantile `q` at grid lead `g`. */
  weight(k: number, g: number, q: number): number {
    const row = (this.groups[g] ?? 0) * this.levels.length + q
    return at(this.mixture.weights, row * this.variants.length + k)
  }

  private learnLead(g: number, group: number, slot: number, value: number): void {
    const count = this.variants.length
    const perSlow = 1 / at(this.scales, slot * SCALE_COUNT + 1)
    const logValue = this.series.log.awake ? this.series.log.forward(value) : Number.NaN
    for (let k = 0; k < count; k++) {
      const awake = this.quantiles(k, g, slot)
      for (let q = 0; q < this.levels.length; q++) {
        const cell = (group * this.levels.length + q) * count + k
        // NaN marks a variant that slept; `settle` replaces it.
        const loss = awake ? this.pinball(value, q) * perSlow : Number.NaN
        this.lossSums[cell] = at(this.lossSums, cell) + Math.min(LOSS_CAP, loss)
      }
      if (awake) this.learnResidual(k, g, slot, this.variants[k]?.logarithmic ? logValue : value)
    }
  }

  private learnResidual(k: number, g: number, slot: number, value: number): void {
    const variant = this.variants[k]
    if (variant === undefined) return
    const location = at32(this.locations, (slot * this.members.length + variant.point) * this.grid.length + g)
    const z = (value - location) / at(this.scales, slot * SCALE_COUNT + variant.scale)
    this.residuals.learn(k * this.grid.length + g, binPosition(z), variant.decay)
  }

  private pinball(value: number, q: number): number {
    const error = value - at(this.cell, q)
    return error >= 0 ? at(this.levels, q) * error : (at(this.levels, q) - 1) * error
  }

  /** Hands the group's mean losses on; a variant that slept is charged the mean of those awake. */
  private settle(group: number, leads: number): void {
    const count = this.variants.length
    for (let q = 0; q < this.levels.length; q++) {
      const row = (group * this.levels.length + q) * count
      let sum = 0
      let awake = 0
      for (let k = 0; k < count; k++) {
        const loss = at(this.lossSums, row + k)
        if (!Number.isNaN(loss)) {
          sum += loss
          awake++
        }
      }
      const mean = awake > 0 ? sum / awake : 0
      for (let k = 0; k < count; k++) {
        const loss = at(this.lossSums, row + k)
        this.mixture.learn(group, q, k, (!Number.isNaN(loss) ? loss : mean) / leads)
      }
    }
  }

  /** Quantiles of one variant at one lead into `cell`; false while it sleeps. */
  private quantiles(k: number, g: number, slot: number): boolean {
    const variant = this.variants[k]
    if (variant === undefined) return false
    const location = at32(this.locations, (slot * this.members.length + variant.point) * this.grid.length + g)
    if (Number.isNaN(location)) return false
    const scale = at(this.scales, slot * SCALE_COUNT + variant.scale)
    const first = (k * this.grid.length + g) * this.levels.length
    const cap = this.cap
    for (let q = 0; q < this.levels.length; q++) {
      const raw = location + scale * at(this.residuals.quantiles, first + q)
      const value = variant.logarithmic ? this.series.log.inverse(raw) : raw
      this.cell[q] = value < 0 ? 0 : value > cap ? cap : value
    }
    return true
  }
}

export type PanelOptions = { levels: readonly number[]; horizon: number }

/** Insertion sort: mixed quantiles are in order already but for a rare swap. */
function sortRange(values: Float64Array, first: number, end: number): void {
  for (let i = first + 1; i < end; i++) {
    const value = at(values, i)
    let hole = i
    for (; hole > first && at(values, hole - 1) > value; hole--) values[hole] = at(values, hole - 1)
    values[hole] = value
  }
}
