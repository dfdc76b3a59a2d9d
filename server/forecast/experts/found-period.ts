import { at, at32 } from '../numeric/arrays.ts'
import type { Series } from '../series.ts'
import { type ExpertContext, NO_PARTS, type Parts, type PointExpert } from './point-expert.ts'

/** Values that are kept, and the longest period that can be found in them, in steps. */
const WINDOW = 512
const LONGEST = 256
const SHORTEST = 3
/** Pairs that one autocorrelation is taken over. */
const PAIRS = 128
const CLIP = 4
/** A period needs this autocorrelation, this far above the lowest one before it: a slow wander has no such peak. */
const LEAST = 0.4
const LEAST_RISE = 0.4
/** Another period must beat the one in use by so much. */
const MARGIN = 0.1
const ALPHA = 0.25

const PERIOD = 0
const STRENGTH = 1
const CANDIDATE = 2
const BEST = 3
const LOWEST = 4
const TURN = 5
const FIELDS = 6

/**
 * Seasonal naive on a period that it finds by itself: each step looks at the autocorrelation at one lag, in turn, over the
 * last 128 pairs (Box and Jenkins 1970, §2.1), and the lag that stood out in a whole round becomes the period. A
 * decayed mean per phase is then added to the running mean. It sleeps while no period stands out.
 */
export class FoundPeriod implements PointExpert {
  readonly name = 'found period'
  readonly logarithmic = false
  private readonly series: Series
  private readonly state: Float64Array
  private readonly recent: Float32Array
  private readonly slots: Float32Array

  constructor(context: ExpertContext) {
    this.series = context.series
    this.state = context.slab.f64('foundPeriod', FIELDS)
    this.recent = context.slab.f32('foundPeriod.recent', WINDOW)
    this.slots = context.slab.f32('foundPeriod.slots', LONGEST, Number.NaN)
    this.state[TURN] = SHORTEST
    this.state[LOWEST] = 1
  }

  learn(): void {
    const { identity, current, steps } = this.series
    const limit = CLIP * identity.steady
    const deviation = identity.y - identity.mean(4)
    // A gap counts as ordinary, so that phases stay in step.
    this.recent[(steps - 1) % WINDOW] = current ? Math.max(-limit, Math.min(limit, deviation)) : 0
    if (steps > PAIRS + SHORTEST) this.look()
    const period = at(this.state, PERIOD)
    if (period === 0 || !current) return
    const slot = (steps - 1) % period
    const before = at32(this.slots, slot)
    const rest = identity.y - identity.mean(3)
    this.slots[slot] = Number.isNaN(before) ? rest : before + ALPHA * (rest - before)
  }

  locate(out: Float32Array, offset: number): void {
    const { grid, identity } = this.series
    for (let g = 0; g < grid.length; g++) out[offset + g] = identity.mean(3) + this.season(g)
  }

  explain(leadIndex: number): Parts {
    const { identity } = this.series
    return { ...NO_PARTS, level: identity.mean(3) - identity.mean(4), season: this.season(leadIndex) }
  }

  private season(g: number): number {
    const period = at(this.state, PERIOD)
    if (period === 0) return Number.NaN
    return at32(this.slots, (this.series.steps - 1 + (this.series.grid[g] ?? 0)) % period)
  }

  /** One lag of the round; at its end the round decides. */
  private look(): void {
    const s = this.state
    const lag = at(s, TURN)
    const correlation = this.correlation(lag)
    if (correlation - at(s, LOWEST) >= LEAST_RISE && correlation > at(s, BEST) + MARGIN) {
      s[BEST] = correlation
      s[CANDIDATE] = lag
    } else if (lag === at(s, CANDIDATE) + 1 && correlation > at(s, BEST)) {
      s[BEST] = correlation
      s[CANDIDATE] = lag
    }
    s[LOWEST] = Math.min(at(s, LOWEST), correlation)
    if (lag === at(s, PERIOD)) s[STRENGTH] = correlation
    const last = Math.min(LONGEST, this.series.steps - PAIRS)
    if (lag < last) {
      s[TURN] = lag + 1
      return
    }
    this.decide()
    s[TURN] = SHORTEST
    s[BEST] = 0
    s[CANDIDATE] = 0
    s[LOWEST] = 1
  }

  private decide(): void {
    const s = this.state
    if (at(s, PERIOD) > 0 && at(s, STRENGTH) < LEAST / 2) s[PERIOD] = 0
    const better = at(s, PERIOD) === 0 || at(s, BEST) > at(s, STRENGTH) + MARGIN
    if (at(s, BEST) < LEAST || !better || at(s, CANDIDATE) === at(s, PERIOD)) return
    s[PERIOD] = at(s, CANDIDATE)
    s[STRENGTH] = at(s, BEST)
    this.slots.fill(Number.NaN)
    this.fillFromRecent()
  }

  /** What is still in memory fills the phases at once, oldest first. */
  private fillFromRecent(): void {
    const period = at(this.state, PERIOD)
    const newest = this.series.steps - 1
    const shift = this.series.identity.mean(4) - this.series.identity.mean(3)
    for (let step = Math.max(0, newest - WINDOW + 1); step <= newest; step++) {
      const value = at32(this.recent, step % WINDOW) + shift
      const before = at32(this.slots, step % period)
      this.slots[step % period] = Number.isNaN(before) ? value : before + ALPHA * (value - before)
    }
  }

  private correlation(lag: number): number {
    const newest = this.series.steps - 1 + WINDOW
    let product = 0
    let energy = 0
    let earlier = 0
    for (let i = 0; i < PAIRS; i++) {
      const now = at32(this.recent, (newest - i) % WINDOW)
      const then = at32(this.recent, (newest - i - lag) % WINDOW)
      product += now * then
      energy += now * now
      earlier += then * then
    }
    const scale = energy * earlier
    return scale > 0 ? product / Math.sqrt(scale) : 0
  }
}
