import type { Regret } from '../contract.ts'
import { leadGroups } from '../lead-grid.ts'
import { GROUPS } from '../mixture.ts'
import { at, at32 } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'
import { OriginRing } from '../origin-ring.ts'
import type { Series } from '../series.ts'
import { Guard } from './guard.ts'
import type { QuantileExpert } from './quantile-expert.ts'
import { Squint } from './squint.ts'

/** Of each lead, at most so many forecasts wait to be scored: those of neighbouring origins err alike. */
const MOST_WAITING = 2
/** Beyond this many scales a difference between two experts is scaled down, the whole round with it. */
const CAP = 4

/** `anchor`: the aggregate is kept from being worse than this one. */
export type Voice = { expert: QuantileExpert; prior: number; anchor?: true }

/**
 * Aggregates experts per quantile and lead group by Squint on the linearised pinball loss over the scale of the series. A
 * round is one measured value; its loss is the mean over the leads of the group whose forecasts it settles. What is late by h
 * steps is scored as it was said, with the weights of its day; weights meanwhile go on from what has come (Joulani et al.
 * 2013), and what that lateness cost is measured and added to the bound.
 */
export class Aggregation {
  readonly voices: readonly Voice[]
  private readonly series: Series
  private readonly levels: Float64Array
  private readonly groups: readonly number[]
  private readonly rule: Squint
  private readonly guard: Guard
  /** Index of the anchor; −1 without one. */
  private readonly anchor: number
  /** waiting[entry * (K + 1) * Q + …]: what the aggregate, then every voice said of an origin; scales[entry] of that origin. */
  private readonly ring: OriginRing
  private readonly waiting: Float32Array
  private readonly scales: Float64Array
  /** Per group and voice, over the rounds in which it was awake: measured regret, its own loss, cost of lateness, rounds. */
  private readonly measured: Float64Array
  private readonly lost: Float64Array
  private readonly lateness: Float64Array
  private readonly rounds: Float64Array
  private readonly said: Float64Array
  private readonly slopes: Float64Array
  private readonly excess: Float64Array
  private readonly losses: Float64Array
  private readonly own: Float64Array
  /** Losses of the round in the unit of the series, over all levels. */
  private ownLoss = 0
  private anchorLoss = 0

  constructor(slab: Slab, series: Series, voices: readonly Voice[], options: AggregationOptions) {
    const { levels, horizon } = options
    const count = voices.length
    this.voices = voices
    this.series = series
    this.levels = Float64Array.from(levels)
    this.groups = leadGroups(series.grid, horizon)
    this.rule = new Squint(
      slab,
      'aggregation',
      GROUPS * levels.length,
      voices.map(({ prior }) => prior),
    )
    this.guard = new Guard(slab)
    this.anchor = voices.findIndex(({ anchor }) => anchor === true)
    this.ring = new OriginRing(
      series.grid,
      series.grid.map((lead) => Math.ceil(lead / MOST_WAITING)),
      series.grid.map((_, g) => g),
    )
    this.waiting = slab.f32('aggregation.waiting', this.ring.size * (count + 1) * levels.length)
    this.scales = slab.f64('aggregation.scales', this.ring.size, Number.NaN)
    this.measured = slab.f64('aggregation.measured', GROUPS * count)
    this.lost = slab.f64('aggregation.lost', GROUPS * count)
    this.lateness = slab.f64('aggregation.lateness', GROUPS * count)
    this.rounds = slab.f64('aggregation.rounds', GROUPS * count)
    this.said = new Float64Array(count * series.grid.length * levels.length)
    this.slopes = new Float64Array(levels.length * count)
    this.excess = new Float64Array(levels.length * count)
    this.losses = new Float64Array(count)
    this.own = new Float64Array(levels.length)
  }

  /** Recomputes everything that is derived from saved state; voices must have been refreshed before. */
  refresh(): void {
    this.rule.refresh()
    this.ask()
  }

  /** Scores every voice, and the aggregate, with the value of step `step`. */
  learn(step: number, value: number): void {
    for (let group = 0; group < GROUPS; group++) {
      let leads = 0
      for (let g = 0; g < this.groups.length; g++) {
        if (this.groups[g] !== group) continue
        const entry = this.ring.entry(g, step - (this.series.grid[g] ?? 0))
        if (entry < 0 || Number.isNaN(at(this.scales, entry))) continue
        if (leads++ === 0) {
          this.slopes.fill(0)
          this.excess.fill(0)
          this.own.fill(0)
          this.ownLoss = 0
          this.anchorLoss = 0
        }
        this.score(entry, value)
      }
      if (leads === 0) continue
      this.settle(group, leads)
      if (!Number.isNaN(this.anchorLoss)) this.guard.learn(group, this.ownLoss, this.anchorLoss)
    }
  }

  /**
   * Asks every voice about the current origin and mixes them into `out`, grid leads × levels. They are scored later unless
   * `teaches` is false.
   */
  speak(step: number, out: Float64Array, teaches: boolean): void {
    const { levels } = this
    const width = this.groups.length * levels.length
    this.ask()
    const scale = teaches ? this.series.identity.slow : Number.NaN
    for (let g = 0; g < this.groups.length; g++) {
      const entry = this.ring.entry(g, step)
      if (entry >= 0) this.scales[entry] = scale
      const anchored = this.anchor < 0 ? 0 : this.guard.share(this.groups[g] ?? 0)
      for (let q = 0; q < levels.length; q++) {
        const cell = g * levels.length + q
        const mixed = this.mix(g, q, cell, width)
        if (entry >= 0) this.keep(entry, q, cell, width, mixed)
        const anchor = anchored > 0 ? at(this.said, this.anchor * width + cell) : Number.NaN
        out[cell] = Number.isNaN(anchor) ? mixed : mixed + anchored * (anchor - mixed)
      }
    }
  }

  /** The current origin is not forecast and will not be scored. */
  skip(step: number): void {
    for (let g = 0; g < this.groups.length; g++) {
      const entry = this.ring.entry(g, step)
      if (entry >= 0) this.scales[entry] = Number.NaN
    }
  }

  /** Share of voice `k` in quantile `q` at grid lead `g` of the last origin spoken of; 0 while it sleeps. */
  share(k: number, g: number, q: number): number {
    const width = this.groups.length * this.levels.length
    const row = ((this.groups[g] ?? 0) * this.levels.length + q) * this.voices.length
    let mass = 0
    for (let j = 0; j < this.voices.length; j++) {
      if (!Number.isNaN(at(this.said, j * width + g * this.levels.length + q)))
        mass += at(this.rule.weights, row + j)
    }
    const asleep = Number.isNaN(at(this.said, k * width + g * this.levels.length + q))
    return asleep || mass === 0 ? 0 : at(this.rule.weights, row + k) / mass
  }

  /**
   * Measured regret to the best voice in hindsight, among those awake in half of all rounds or more, and what it cannot
   * exceed; per group of leads that was scored.
   */
  regret(): Regret[] {
    const found: Regret[] = []
    for (let group = 0; group < GROUPS; group++) {
      const best = this.bestOf(group)
      if (best < 0) continue
      const leads = this.series.grid.filter((_, g) => this.groups[g] === group)
      const cell = group * this.voices.length + best
      found.push({
        fromLead: leads[0] ?? 1,
        toLead: leads.at(-1) ?? 1,
        rounds: at(this.rounds, cell),
        regret: at(this.measured, cell),
        bound: this.bound(group, best),
        bestExpert: this.voices[best]?.expert.name ?? '',
        bestLoss: at(this.lost, cell),
      })
    }
    return found
  }

  private bestOf(group: number): number {
    const count = this.voices.length
    const rounds = this.rounds.subarray(group * count, (group + 1) * count)
    const most = Math.max(...rounds)
    let best = -1
    for (let k = 0; k < count; k++) {
      if (most === 0 || 2 * at(rounds, k) < most) continue
      const gain = at(this.measured, group * count + k)
      if (best < 0 || gain > at(this.measured, group * count + best)) best = k
    }
    return best
  }

  /** Rule's bound to voice `k`, mean over levels, in scales, and what lateness has cost on top. */
  private bound(group: number, k: number): number {
    const count = this.levels.length
    let bound = 0
    for (let q = 0; q < count; q++) bound += (2 * CAP * this.rule.bound(group * count + q, k)) / count
    return bound + Math.max(0, at(this.lateness, group * this.voices.length + k))
  }

  private mix(g: number, q: number, cell: number, width: number): number {
    const row = ((this.groups[g] ?? 0) * this.levels.length + q) * this.voices.length
    let sum = 0
    let mass = 0
    for (let k = 0; k < this.voices.length; k++) {
      const value = at(this.said, k * width + cell)
      if (Number.isNaN(value)) continue
      const weight = at(this.rule.weights, row + k)
      sum += weight * value
      mass += weight
    }
    return mass > 0 ? sum / mass : Math.max(0, this.series.identity.y)
  }

  private ask(): void {
    const width = this.groups.length * this.levels.length
    for (let k = 0; k < this.voices.length; k++) this.voices[k]?.expert.locate(this.said, k * width)
  }

  private keep(entry: number, q: number, cell: number, width: number, mixed: number): void {
    const count = this.levels.length
    const first = entry * (this.voices.length + 1) * count + q
    this.waiting[first] = mixed
    for (let k = 0; k < this.voices.length; k++)
      this.waiting[first + (k + 1) * count] = at(this.said, k * width + cell)
  }

  /** Adds one lead: slope of the aggregate's loss times each voice's distance from it, and how much worse the aggregate was. */
  private score(entry: number, value: number): void {
    const count = this.levels.length
    const perScale = 1 / at(this.scales, entry)
    const first = entry * (this.voices.length + 1) * count
    for (let q = 0; q < count; q++) {
      const level = at(this.levels, q)
      const own = at32(this.waiting, first + q)
      const slope = (value < own ? 1 - level : -level) * perScale
      const ownLoss = (own - value) * slope
      this.own[q] = at(this.own, q) + ownLoss
      this.ownLoss += ownLoss / perScale
      for (let k = 0; k < this.voices.length; k++) {
        const said = at32(this.waiting, first + (k + 1) * count + q)
        const cell = q * this.voices.length + k
        const error = value - said
        const loss = error >= 0 ? level * error : (level - 1) * error
        this.slopes[cell] = at(this.slopes, cell) + slope * (said - own)
        this.excess[cell] = at(this.excess, cell) + ownLoss - loss * perScale
        if (k === this.anchor) this.anchorLoss += loss
      }
    }
  }

  private settle(group: number, leads: number): void {
    const { voices, losses } = this
    const count = this.levels.length
    for (let q = 0; q < count; q++) {
      let range = CAP
      for (let k = 0; k < voices.length; k++) {
        const loss = at(this.slopes, q * voices.length + k) / leads
        losses[k] = loss
        if (Math.abs(loss) > range) range = Math.abs(loss)
      }
      const virtual = this.rule.learn(group * count + q, losses, 2 * range)
      const share = CAP / range / count
      for (let k = 0; k < voices.length; k++) {
        if (Number.isNaN(at(losses, k))) continue
        const cell = group * voices.length + k
        const excess = at(this.excess, q * voices.length + k) / leads
        this.measured[cell] = at(this.measured, cell) + share * excess
        this.lost[cell] = at(this.lost, cell) + share * (at(this.own, q) / leads - excess)
        this.lateness[cell] = at(this.lateness, cell) - share * virtual
        if (q === 0) this.rounds[cell] = at(this.rounds, cell) + 1
      }
    }
  }
}

export type AggregationOptions = { levels: readonly number[]; horizon: number }
