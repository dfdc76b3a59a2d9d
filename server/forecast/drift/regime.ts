import type { Drift } from '../contract.ts'
import { EventEffects } from '../events/event-effects.ts'
import { at } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'
import { DriftLog } from './drift-log.ts'
import { LevelWatch } from './level-watch.ts'
import { Monitors } from './monitors.ts'
import { Quarantine } from './quarantine.ts'
import { widen } from './widen.ts'

const SCALE = 0
const LAST_ISSUED = 1
const LAST_TAUGHT = 2
const FIELDS = 3

/**
 * What stands between the measured values and what the experts learn. Absurd values are set aside; when several agree
 * after all, experts stay on their usual scale: values are divided on the way in and quantiles multiplied on the way
 * out, so that means, profiles and weights hold on the new level at once. An ordinary change of level is left to the
 * experts, with the chance that it lasts mixed in until they have caught up. Every change is logged in words.
 */
export class Regime {
  readonly events: EventEffects
  private readonly log: DriftLog
  private readonly quarantine: Quarantine
  private readonly levelWatch: LevelWatch
  private readonly monitors: Monitors
  private readonly fields: Float64Array
  private readonly grid: readonly number[]
  private readonly indices: { low: number; median: number; high: number }

  constructor(slab: Slab, grid: readonly number[], levels: readonly number[]) {
    this.events = new EventEffects(slab, grid, levels)
    this.log = new DriftLog(slab)
    this.quarantine = new Quarantine(slab)
    this.levelWatch = new LevelWatch(slab, grid, levels)
    this.monitors = new Monitors(slab)
    this.fields = slab.f64('regime', FIELDS)
    this.fields[SCALE] = 1
    this.grid = grid
    this.indices = { low: levels.indexOf(0.05), median: levels.indexOf(0.5), high: levels.indexOf(0.95) }
  }

  /** Measured units per unit of the experts. */
  get scale(): number {
    return at(this.fields, SCALE)
  }

  /**
   * What the experts may learn of the value of `step` (NaN for a gap), on their own scale; NaN when it teaches nothing.
   * `largest`: the largest value they have seen lately; `issued`: the quantiles given at the step before, one row of
   * levels per grid lead.
   */
  admit(step: number, value: number, largest: number, issued: Float64Array): number {
    if (Number.isNaN(value)) return value
    const expected = value / this.scale / this.events.factorAt(step)
    const verdict = this.quarantine.judge(step, expected, largest)
    if (verdict === 'suspect') return Number.NaN
    if (verdict === 'cleared') {
      this.log.add(step, this.quarantine.since, 'suspect', this.quarantine.level / largest)
      this.quarantine.forget()
    }
    this.events.learn(step, value / this.scale)
    const event = this.events.factorAt(step)
    if (!this.events.tells(event)) return Number.NaN
    const factor = this.factorOf(step, value / this.scale / event, verdict === 'confirmed')
    if (verdict === 'confirmed') this.fields[SCALE] = this.scale * factor
    if (factor === 1) this.monitor(step, value, issued)
    this.fields[LAST_TAUGHT] = step
    return value / this.scale / event
  }

  /** Turns quantiles on the experts' scale, issued at `step`, into measured units, in place. */
  express(step: number, quantiles: Float64Array): void {
    this.levelWatch.observe(step, quantiles)
    this.levelWatch.blend(step, quantiles)
    widen(this.grid, this.indices.median, quantiles, step - at(this.fields, LAST_TAUGHT))
    this.events.express(step, quantiles)
    this.fields[LAST_ISSUED] = step
    const { scale } = this
    if (scale === 1) return
    for (let i = 0; i < quantiles.length; i++) quantiles[i] = at(quantiles, i) * scale
  }

  /** Quantiles of leads 1, 2, … made at `step` elsewhere, in measured units, as the experts would say them. */
  usual(step: number, quantiles: readonly (readonly number[])[]): number[][] {
    return quantiles.map((row, i) => {
      const unit = this.scale * this.events.factorAt(step + i + 1)
      return row.map((value) => value / unit)
    })
  }

  /** Changes found until `step`, newest first. */
  changes(step: number, timeOf: (step: number) => Date): Drift[] {
    return this.log.read(step, timeOf)
  }

  private factorOf(step: number, scaled: number, confirmed: boolean): number {
    const since = confirmed ? this.quarantine.since : this.levelWatch.since
    const expected = this.levelWatch.expected(step)
    let factor = this.levelWatch.judge(step, scaled)
    if (confirmed) {
      factor = expected > 0 ? this.quarantine.level / expected : 1
      this.quarantine.forget()
      this.levelWatch.forget()
    }
    if (factor === 1) return 1
    this.log.add(step, since, 'level', factor)
    this.monitors.forget()
    return factor
  }

  private monitor(step: number, value: number, issued: Float64Array): void {
    // A surprise is the business of the level watch; only forecasts of the step before are judged.
    if (this.levelWatch.surprised || at(this.fields, LAST_ISSUED) !== step - 1 || step === 0) return
    const { low, median, high } = this.indices
    const bottom = low < 0 ? Number.NEGATIVE_INFINITY : at(issued, low)
    const top = high < 0 ? Number.POSITIVE_INFINITY : at(issued, high)
    const finding = this.monitors.judge(step, value, bottom, at(issued, median), top)
    if (finding !== null) this.log.add(step, finding.since, finding.kind, finding.factor)
  }
}
