import type { Calibration as CalibrationView } from '../contract.ts'
import { leadGroups, originStride } from '../lead-grid.ts'
import { GROUPS } from '../mixture.ts'
import { at, at32 } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'
import { OriginRing } from '../origin-ring.ts'
import { AdaptiveLevels } from './adaptive-levels.ts'
import { logit, readLevel } from './read-level.ts'

const PROMISED = 0.9
/** Each end of the interval promises that this share of values lies beyond it. */
const TAIL = 0.05
/** The level that stands for an end is the nearest one, and no further from it than this. */
const REACH = 0.051
/**
 * How far a miss moves a level at first. Further ahead one surprise is missed by several forecasts in a row, so there it
 * comes down by the root of the lead, as 1 / √(1 + rounds / 100): decaying steps, Angelopoulos, Barber and Bates 2024.
 */
const RATE = 0.01
const CALM_ROUNDS = 100
/** Other quantiles of a tail follow its end by this share of the way, on the logit scale. */
const FOLLOW = 0.5
/** A level stays within these multiples of its promise, so that one bad spell cannot blow the interval up. */
const LEAST = 0.4
const MOST = 2
const HOURS = 24
const HOUR_SECONDS = 3_600
const METHOD = 'adaptive conformal inference on the level of each end of the interval, per group of leads'

export type CalibrationOptions = {
  levels: readonly number[]
  horizon: number
  stepSeconds: number
  /** Seconds after midnight UTC of the first step. */
  startSeconds: number
}

/** One end of the interval: the level's column, what it promises, and the levels at which it is read, per lead group. */
class End {
  readonly column: number
  readonly promised: number
  private readonly adaptive: AdaptiveLevels

  constructor(slab: Slab, levels: readonly number[], overlaps: readonly number[], side: -1 | 1) {
    const target = side < 0 ? TAIL : 1 - TAIL
    const distance = (level: number) => Math.abs(level - target)
    const nearest = levels.reduce((best, level) => (distance(level) < distance(best) ? level : best), 0.5)
    this.column = levels.length > 1 && distance(nearest) <= REACH ? levels.indexOf(nearest) : -1
    this.promised = side < 0 ? nearest : 1 - nearest
    this.adaptive = new AdaptiveLevels(slab, `calibration.${side < 0 ? 'low' : 'high'}`, {
      promised: this.promised,
      rates: overlaps.map(() => (RATE * this.promised) / TAIL),
      floors: overlaps.map((overlap) => 1 / Math.sqrt(overlap)),
      rounds: CALM_ROUNDS,
      low: LEAST * this.promised,
      high: MOST * this.promised,
    })
  }

  /** Logit of the level at which the end is read in `group`, over that of its promise. */
  stretch(group: number): number {
    return logit(this.adaptive.level(group)) / logit(this.promised)
  }

  learn(group: number, missed: number): void {
    this.adaptive.learn(group, missed)
  }
}

/**
 * Keeps the ends of the 90% interval at their word, each by itself and per group of leads: they are read off the forecast's
 * own distribution at a level that adapts to their misses, so that the correction has the size of the forecast. The
 * quantiles beside them follow half of the way; the median stays. Measures how often the interval held, exactly as it was issued.
 */
export class Calibration {
  private readonly options: CalibrationOptions
  private readonly grid: readonly number[]
  private readonly groups: readonly number[]
  private readonly logits: readonly number[]
  private readonly low: End
  private readonly high: End
  private readonly whole: boolean
  private readonly row: Float64Array
  /** Stretch of each end by lead group, for one call of `apply`. */
  private readonly below = new Float64Array(GROUPS)
  private readonly above = new Float64Array(GROUPS)
  private readonly ring: OriginRing
  private readonly ends: Float32Array
  /** Held and judged, alternating: per grid lead, then per hour of the day. */
  private readonly leads: Float64Array
  private readonly hours: Float64Array

  constructor(slab: Slab, grid: readonly number[], options: CalibrationOptions) {
    const { levels, horizon } = options
    this.options = options
    this.grid = grid
    this.groups = leadGroups(grid, horizon)
    this.logits = levels.map(logit)
    const overlaps = Array.from({ length: GROUPS }, (_, group) => meanLead(grid, this.groups, group))
    this.low = new End(slab, levels, overlaps, -1)
    this.high = new End(slab, levels, overlaps, 1)
    this.whole = this.low.promised === TAIL && levels.includes(1 - TAIL)
    this.row = new Float64Array(levels.length)
    this.ring = new OriginRing(
      grid,
      grid.map(originStride),
      grid.map((_, g) => g),
    )
    this.ends = slab.f32('calibration.ends', 2 * this.ring.size, Number.NaN)
    this.leads = slab.f64('calibration.leads', 2 * grid.length)
    this.hours = slab.f64('calibration.hours', 2 * HOURS)
  }

  /** Reads every grid lead's tails anew in `quantiles`, grid leads × levels, which must be in order by row. */
  apply(quantiles: Float64Array): void {
    const { low, high, logits, row } = this
    const count = logits.length
    for (let group = 0; group < GROUPS; group++) {
      this.below[group] = low.column < 0 ? 1 : low.stretch(group)
      this.above[group] = high.column < 0 ? 1 : high.stretch(group)
    }
    for (let g = 0; g < this.grid.length; g++) {
      const below = at(this.below, this.groups[g] ?? 0)
      const above = at(this.above, this.groups[g] ?? 0)
      for (let q = 0; q < count; q++) row[q] = at(quantiles, g * count + q)
      for (let q = 0; q < count; q++) {
        const z = logits[q] ?? 0
        const stretch = z < 0 ? below : above
        if (z === 0 || stretch === 1) continue
        const share = q === low.column || q === high.column ? 1 : FOLLOW
        quantiles[g * count + q] = readLevel(logits, row, z * (1 + share * (stretch - 1)))
      }
    }
  }

  /** Remembers the ends issued at `step`; with `teaches` false they will not be judged. */
  record(step: number, quantiles: Float64Array, teaches: boolean): void {
    const count = this.logits.length
    for (let g = 0; g < this.grid.length; g++) {
      const entry = this.ring.entry(g, step)
      if (entry < 0) continue
      const { low, high } = this
      this.ends[2 * entry] = teaches ? endOf(quantiles, g * count, low.column) : Number.NaN
      this.ends[2 * entry + 1] = teaches ? endOf(quantiles, g * count, high.column) : Number.NaN
    }
  }

  /** Nothing was issued at `step`. */
  skip(step: number): void {
    this.record(step, this.leads, false)
  }

  /** Judges every interval that was issued for step `step`. */
  learn(step: number, value: number): void {
    const rounded = Math.fround(value)
    for (let group = 0; group < GROUPS; group++) {
      let judged = 0
      let below = 0
      let above = 0
      for (let g = 0; g < this.grid.length; g++) {
        if (this.groups[g] !== group) continue
        const entry = this.ring.entry(g, step - (this.grid[g] ?? 0))
        if (entry < 0) continue
        const low = at32(this.ends, 2 * entry)
        const high = at32(this.ends, 2 * entry + 1)
        if (Number.isNaN(low) && Number.isNaN(high)) continue
        judged++
        // At zero no lower end can be missed, so a zero says nothing about it: it counts as promised.
        below += rounded === 0 && low === 0 ? this.low.promised : rounded < low ? 1 : 0
        above += rounded > high ? 1 : 0
        if (this.whole) this.count(step, g, rounded >= low && rounded <= high ? 1 : 0)
      }
      if (judged === 0) continue
      this.low.learn(group, below / judged)
      this.high.learn(group, above / judged)
    }
  }

  /** Share of 90% intervals that held so far, over all leads, and how many were judged; null before the first. */
  measured(): { coverage90: number | null; count: number } {
    let held = 0
    let count = 0
    for (let g = 0; g < this.grid.length; g++) {
      held += at(this.leads, 2 * g)
      count += at(this.leads, 2 * g + 1)
    }
    return { coverage90: count > 0 ? held / count : null, count }
  }

  /** Coverage by lead and by hour of the measured value; null where the levels hold no 90% interval. */
  view(): CalibrationView | null {
    if (!this.whole) return null
    const held = (counts: Float64Array, i: number) => {
      const count = at(counts, 2 * i + 1)
      return { held: count > 0 ? at(counts, 2 * i) / count : null, count }
    }
    return {
      method: METHOD,
      promised: PROMISED,
      byLead: this.grid.map((lead, g) => ({ lead, ...held(this.leads, g) })),
      byHour: Array.from({ length: HOURS }, (_, hour) => ({ hour, ...held(this.hours, hour) })),
    }
  }

  private count(step: number, g: number, held: number): void {
    const { startSeconds, stepSeconds } = this.options
    const hour = Math.floor((startSeconds + step * stepSeconds) / HOUR_SECONDS) % HOURS
    this.leads[2 * g] = at(this.leads, 2 * g) + held
    this.leads[2 * g + 1] = at(this.leads, 2 * g + 1) + 1
    this.hours[2 * hour] = at(this.hours, 2 * hour) + held
    this.hours[2 * hour + 1] = at(this.hours, 2 * hour + 1) + 1
  }
}

/** NaN is never beyond anything, so an end that nobody asked for is never missed. */
function endOf(quantiles: Float64Array, first: number, column: number): number {
  return column < 0 ? Number.NaN : at(quantiles, first + column)
}

/** Mean lead of a group, 1 of an empty one: as many forecasts in a row miss the same surprise. */
function meanLead(grid: readonly number[], groups: readonly number[], group: number): number {
  const leads = grid.filter((_, g) => groups[g] === group)
  return leads.length === 0 ? 1 : leads.reduce((sum, lead) => sum + lead, 0) / leads.length
}
