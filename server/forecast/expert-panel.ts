import type { PointExpert } from './experts/point-expert.ts'
import { leadGroups, originStride } from './lead-grid.ts'
import { GROUPS, Mixture } from './mixture.ts'
import { at, at16, at32, sortRange } from './numeric/arrays.ts'
import { fromBrainFloat, toBrainFloat } from './numeric/brain-float.ts'
import type { Slab } from './numeric/slab.ts'
import { OriginRing } from './origin-ring.ts'
import { binPosition, ResidualHistograms } from './residual-histogram.ts'
import { SCALES, type Spread } from './roster.ts'
import type { Series } from './series.ts'

/** Loss of one quantile at one lead is capped, so that one spike cannot decide who is trusted. */
const LOSS_CAP = 20
/** Distributions with a memory of at least so many observations learn each lead at every third step only. */
const LONG_MEMORY = 100
const TURNS = 3
/** Of each lead, at most so many forecasts wait to be scored. */
const MOST_WAITING = 2
const STEADY = SCALES.indexOf('steady')
/** Volatilities of an origin: those of the values, then of their logarithms, then the shift of the logarithm,
 * whether it teaches, and its value. */
const SCALE_COUNT = 2 * SCALES.length
const SHIFT = SCALE_COUNT
const TEACHES = SCALE_COUNT + 1
const LAST = SCALE_COUNT + 2
const ORIGIN_FIELDS = SCALE_COUNT + 3
const ASLEEP = toBrainFloat(Number.NaN)

export type PanelMember = { expert: PointExpert; spreads: readonly Spread[] }
export type PanelOptions = { levels: readonly number[]; horizon: number }
type Variant = { point: number; scale: number; logarithmic: boolean; turns: number }

/**
 * The experts with their residual distributions and the mixture over them. A variant is one expert with one spread.
 * What was said of an origin is kept until its target has come, and scored as it was said: distributions that have
 * since seen the errors of neighbouring origins would flatter those that forget fast.
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
  readonly plain: readonly number[]
  /** Per variant, for the inner loops: its expert, its scale, whether that is of logarithms, and its turns. */
  private readonly points: Uint8Array
  private readonly scales: Uint8Array
  private readonly relative: Uint8Array
  private readonly turns: Uint8Array
  private readonly residuals: ResidualHistograms
  /** now[g * P + p]: location of expert p at the current origin; `waiting` holds those of earlier ones. */
  private readonly now: Float32Array
  private readonly taught: OriginRing
  private readonly waiting: Float32Array
  /** said[(entry * K + k) * Q + q]: quantiles that wait to be scored, as distance from the last value in volatilities. */
  private readonly scored: OriginRing
  private readonly said: Uint16Array
  private readonly origins: Float32Array
  private readonly located: Float32Array
  private readonly losses: Float64Array
  private readonly cell: Float64Array
  private readonly mass: Float64Array

  constructor(slab: Slab, series: Series, members: readonly PanelMember[], options: PanelOptions) {
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
        scale: SCALES.indexOf(scale),
        logarithmic: expert.logarithmic,
        turns: memory >= LONG_MEMORY ? TURNS : 1,
      })),
    )
    this.points = Uint8Array.from(this.variants, ({ point }) => point)
    this.scales = Uint8Array.from(this.variants, ({ scale }) => scale)
    this.relative = Uint8Array.from(this.variants, ({ logarithmic }) => (logarithmic ? 1 : 0))
    this.turns = Uint8Array.from(this.variants, ({ turns }) => turns)
    this.plain = members.map((_, point) => this.variants.findLastIndex((variant) => variant.point === point))
    const strides = grid.map(originStride)
    this.taught = new OriginRing(
      grid,
      strides,
      grid.map(() => 0),
    )
    this.scored = scoredOrigins(grid, this.groups, strides)
    this.now = slab.f32('panel.now', members.length * grid.length, Number.NaN)
    this.waiting = slab.f32('panel.waiting', this.taught.size * members.length, Number.NaN)
    this.said = slab.u16('panel.said', this.scored.size * this.variants.length * levels.length).fill(ASLEEP)
    this.origins = slab.f32('panel.origins', this.window * ORIGIN_FIELDS)
    const spreads = members.flatMap((member) => [...member.spreads])
    const perCell = <T>(of: (spread: Spread, g: number) => T) =>
      spreads.flatMap((s) => grid.map((_, g) => of(s, g)))
    this.residuals = new ResidualHistograms(
      slab,
      Float64Array.from(perCell(({ memory }, g) => memoryOf(memory, strides[g] ?? 1))),
      Float64Array.from(perCell((_, g) => 0.8 * Math.sqrt(1 + 0.3 * ((grid[g] ?? 1) - 1)))),
      levels,
    )
    this.mixture = new Mixture(slab, this.variants.length, levels)
    this.located = new Float32Array(grid.length)
    this.losses = new Float64Array(GROUPS * levels.length * this.variants.length)
    this.cell = new Float64Array(levels.length)
    this.mass = new Float64Array(levels.length)
  }

  /** Recomputes everything that is derived from saved state. */
  refresh(): void {
    for (let cell = 0; cell < this.variants.length * this.grid.length; cell++) this.residuals.refresh(cell)
    for (let group = 0; group < GROUPS; group++) this.mixture.refresh(group)
  }

  /** Largest value that a quantile may take: twice the slowly forgotten maximum. */
  get cap(): number {
    return 2 * this.series.decayingMax
  }

  /**
   * Scores and teaches every variant with the value of step `step`, before the experts move on. With `turns` above
   * one, only every so-manieth lead learns at a step, each in its turn, and nothing is scored.
   */
  learn(step: number, value: number, turns: number): void {
    for (let group = 0; group < GROUPS; group++) {
      let leads = 0
      for (let g = 0; g < this.grid.length; g++) {
        const origin = step - (this.grid[g] ?? 0)
        const slot = (origin % this.window) * ORIGIN_FIELDS
        if (this.groups[g] !== group || origin < 0 || at32(this.origins, slot + TEACHES) === 0) continue
        const entry = this.taught.entry(g, origin)
        if (entry >= 0 && (g + step) % turns === 0) this.learnResiduals(g, entry, slot, step, value, turns)
        const said = turns === 1 ? this.scored.entry(g, origin) : -1
        if (said < 0) continue
        if (leads++ === 0) this.losses.fill(0)
        this.score(said, (value - at32(this.origins, slot + LAST)) / at32(this.origins, slot + STEADY))
      }
      if (leads === 0) continue
      this.mixture.learn(group, this.losses)
      this.mixture.refresh(group)
    }
  }

  /** Records what every expert says of the current step, `step`; with `turns` above one it will not be scored. */
  record(step: number, turns: number): void {
    this.recordScales((step % this.window) * ORIGIN_FIELDS)
    const count = this.members.length
    for (let p = 0; p < count; p++) {
      this.members[p]?.expert.locate(this.located, 0)
      for (let g = 0; g < this.grid.length; g++) this.now[g * count + p] = at32(this.located, g)
    }
    for (let g = 0; g < this.grid.length; g++) {
      const entry = this.taught.entry(g, step)
      if (entry >= 0) {
        for (let p = 0; p < count; p++) this.waiting[entry * count + p] = at32(this.now, g * count + p)
      }
      const said = this.scored.entry(g, step)
      if (said >= 0) this.say(g, said, turns === 1)
    }
  }

  /** Mixture quantiles of one grid lead from the newest origin, sorted and capped, into `out[offset…]`. */
  forecast(g: number, out: Float64Array, offset: number): void {
    const count = this.levels.length
    const variants = this.variants.length
    const first = (this.groups[g] ?? 0) * variants
    const weights = this.mixture.weights
    const active = this.mixture.active
    out.fill(0, offset, offset + count)
    this.mass.fill(0)
    for (let k = 0; k < variants; k++) {
      if (active[first + k] === 0 || !this.quantiles(k, g)) continue
      for (let q = 0; q < count; q++) {
        const weight = at(weights, (first + k) * count + q)
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
   * Quantiles of plain expert `member` alone (its most lasting spread) at one grid lead from the newest origin, into
   * `out[offset…]`; NaN while it sleeps.
   */
  expertQuantiles(member: number, g: number, out: Float64Array, offset: number): void {
    const awake = this.quantiles(this.plain[member] ?? 0, g)
    for (let q = 0; q < this.levels.length; q++) out[offset + q] = awake ? at(this.cell, q) : Number.NaN
  }

  /** Location of variant `k` at the newest origin; NaN while it sleeps. */
  location(k: number, g: number): number {
    return at32(this.now, g * this.members.length + (this.points[k] ?? 0))
  }

  /** Distance of quantile `q` from the location of variant `k` at the newest origin. */
  offset(k: number, g: number, q: number): number {
    const slot = this.newestSlot
    const scale = this.scaleAt(k, slot, this.location(k, g))
    return scale * at32(this.residuals.quantiles, (k * this.grid.length + g) * this.levels.length + q)
  }

  /** Weight of variant `k` for quantile `q` at grid lead `g`. */
  weight(k: number, g: number, q: number): number {
    const row = (this.groups[g] ?? 0) * this.variants.length + k
    return at(this.mixture.weights, row * this.levels.length + q)
  }

  private get newestSlot(): number {
    return (Math.max(0, this.series.steps - 1) % this.window) * ORIGIN_FIELDS
  }

  private recordScales(slot: number): void {
    const { identity, log, levelRatio, current } = this.series
    const o = this.origins
    o[slot] = identity.sigma
    o[slot + 1] = identity.slow
    o[slot + 2] = identity.slow * levelRatio
    o[slot + STEADY] = identity.steady
    o[slot + 4] = log.sigma
    o[slot + 5] = log.slow
    o[slot + 6] = log.slow
    o[slot + 7] = log.steady
    o[slot + SHIFT] = log.shift
    o[slot + TEACHES] = current ? 1 : 0
    o[slot + LAST] = identity.y
  }

  private learnResiduals(
    g: number,
    entry: number,
    slot: number,
    step: number,
    value: number,
    turns: number,
  ): void {
    const count = this.members.length
    for (let k = 0; k < this.variants.length; k++) {
      if (turns === 1 && (step + g + k) % (this.turns[k] ?? 1) !== 0) continue
      const location = at32(this.waiting, entry * count + (this.points[k] ?? 0))
      if (Number.isNaN(location)) continue
      const z = (value - location) / this.scaleAt(k, slot, location)
      this.residuals.learn(k * this.grid.length + g, binPosition(z))
    }
  }

  /** Adds the pinball losses of what was said, over the steady volatility; NaN of a variant that slept. */
  private score(said: number, change: number): void {
    const count = this.variants.length
    const levels = this.levels.length
    for (let k = 0; k < count; k++) {
      for (let q = 0; q < levels; q++) {
        const error = change - fromBrainFloat(at16(this.said, (said * count + k) * levels + q))
        const loss = error >= 0 ? at(this.levels, q) * error : (at(this.levels, q) - 1) * error
        this.losses[q * count + k] = at(this.losses, q * count + k) + Math.min(LOSS_CAP, loss)
      }
    }
  }

  private say(g: number, said: number, known: boolean): void {
    const count = this.variants.length
    const levels = this.levels.length
    const perSteady = 1 / this.series.identity.steady
    const last = Math.fround(this.series.identity.y)
    for (let k = 0; k < count; k++) {
      const awake = known && this.quantiles(k, g)
      for (let q = 0; q < levels; q++) {
        this.said[(said * count + k) * levels + q] = awake
          ? toBrainFloat((at(this.cell, q) - last) * perSteady)
          : ASLEEP
      }
    }
  }

  /** Quantiles of one variant at one lead from the newest origin into `cell`; false while it sleeps. */
  private quantiles(k: number, g: number): boolean {
    const location = this.location(k, g)
    if (Number.isNaN(location)) return false
    const scale = this.scaleAt(k, this.newestSlot, location)
    const first = (k * this.grid.length + g) * this.levels.length
    const cap = this.cap
    for (let q = 0; q < this.levels.length; q++) {
      const value = location + scale * at32(this.residuals.quantiles, first + q)
      this.cell[q] = value < 0 ? 0 : value > cap ? cap : value
    }
    return true
  }

  /** What residuals of variant `k` are divided by; an error in log space is as large as the value it is about. */
  private scaleAt(k: number, slot: number, location: number): number {
    const scale = slot + (this.scales[k] ?? 0)
    if (this.relative[k] === 0) return at32(this.origins, scale)
    const volatility = at32(this.origins, scale + SCALES.length)
    return volatility * (Math.max(0, location) + at32(this.origins, slot + SHIFT))
  }
}

/** Observations of one lead that a cell remembers, given a memory in steps. */
function memoryOf(memory: number, stride: number): number {
  return Math.max(15, memory / (memory >= LONG_MEMORY ? TURNS * stride : stride))
}

/** Each group has two of its leads scored at a step, in turn; far leads more rarely. */
function scoredOrigins(
  grid: readonly number[],
  groups: readonly number[],
  strides: readonly number[],
): OriginRing {
  const index = grid.map((_, g) => groups.slice(0, g).filter((group) => group === groups[g]).length)
  const periods = grid.map((lead, g) => {
    const half = Math.ceil(groups.filter((group) => group === groups[g]).length / 2)
    return Math.max(half, strides[g] ?? 1, Math.ceil(lead / MOST_WAITING))
  })
  return new OriginRing(grid, periods, index)
}
