import { at, at32 } from './numeric/arrays.ts'
import type { Slab } from './numeric/slab.ts'
import { SeasonalProfile } from './seasonal-profile.ts'
import { Space } from './space.ts'

export const DAY_SECONDS = 86_400
export const WEEK_SECONDS = 7 * DAY_SECONDS
const HOUR_SECONDS = 3_600
const MAX_DAY_SLOTS = 720
/** Below a step of five minutes, day and hour carry the detail. */
const MAX_WEEK_SLOTS = 2_016
const MAX_WEEK_SLOTS_FINE = 1_008
const FINE_SECONDS = 300
/** Slots on either side that the smoothed day profile averages in. */
const DAY_SMOOTHING = 2
/** Observations before the log space's shift is frozen. */
const LOG_WARMUP = 60
const MAX_DECAY = 0.9995
const ZERO_ALPHA = 0.005
/** Share of zeros from which a series counts as intermittent. */
const INTERMITTENT = 0.01

const STEP = 0
const ABS_MEAN = 1
const MAX = 2
const VALID = 3
const ZEROS = 4
const SMALLEST = 5
const FIELDS = 6

export const PROFILE_COUNT = 5
export const DAY = 0
export const DAY_RAW = 1
export const WEEK = 2
export const HOUR = 3
export const YESTERDAY = 4

/**
 * What every expert may look at: the last values, means and volatility in both spaces, and the seasonal
 * profiles. Only `learn` changes it, so everything here was known at the current step.
 */
export class Series {
  readonly identity: Space
  readonly log: Space
  readonly grid: readonly number[]
  readonly stepSeconds: number
  /** profileAt[p * (G + 1)] is profile p now; then one value per grid lead. NaN when unseen. */
  readonly profileAt: Float64Array
  private readonly profiles: SeasonalProfile[]
  private readonly state: Float64Array
  private readonly recent: Float64Array
  private readonly recentBase: Float64Array
  /** Steps by which profiles learn late, so that reading around "now" sees only earlier periods. */
  private readonly delay: number
  private readonly firstValues: Float32Array

  constructor(slab: Slab, stepSeconds: number, grid: readonly number[]) {
    this.grid = grid
    this.stepSeconds = stepSeconds
    this.identity = new Space(slab, 'identity', false)
    this.log = new Space(slab, 'log', true)
    this.state = slab.f64('series', FIELDS)
    this.firstValues = slab.f32('series.first', LOG_WARMUP)
    this.profileAt = slab.f64('series.profileAt', PROFILE_COUNT * (grid.length + 1), Number.NaN)
    const profile = (
      name: string,
      periodSeconds: number,
      maxSlots: number,
      alpha: number,
      smoothing: number,
    ) => new SeasonalProfile(slab, { name, periodSeconds, stepSeconds, maxSlots, alpha, smoothing })
    this.profiles = [
      profile('day', DAY_SECONDS, MAX_DAY_SLOTS, 0.35, DAY_SMOOTHING),
      profile('dayRaw', DAY_SECONDS, MAX_DAY_SLOTS, 0.12, 0),
      profile(
        'week',
        WEEK_SECONDS,
        stepSeconds < FINE_SECONDS ? MAX_WEEK_SLOTS_FINE : MAX_WEEK_SLOTS,
        0.6,
        0,
      ),
      profile('hour', HOUR_SECONDS, 360, 0.12, 0),
      profile('yesterday', DAY_SECONDS, MAX_DAY_SLOTS, 1, 0),
    ]
    this.delay = Math.max(...this.profiles.map((each) => each.delay))
    this.recent = slab.f64('series.recent', this.delay, Number.NaN)
    this.recentBase = slab.f64('series.recentBase', this.delay, Number.NaN)
  }

  /** Steps seen, gaps included. */
  get steps(): number {
    return at(this.state, STEP)
  }
  /** Whether the last step carried a value. */
  get current(): boolean {
    return at(this.state, VALID) === 1
  }
  /** Largest value seen, slowly forgotten. */
  get decayingMax(): number {
    return at(this.state, MAX)
  }
  /**
   * Half the smallest positive value of a series that is zero now and then, else 0. Demand below it has never
   * been measured, so a quantile there means zero.
   */
  get zeroBelow(): number {
    return at(this.state, ZEROS) > INTERMITTENT ? 0.5 * at(this.state, SMALLEST) : 0
  }
  /** Running level relative to the long-run level, for noise that grows with the level. */
  get levelRatio(): number {
    const usual = Math.abs(this.identity.mean(4))
    const now = Math.abs(this.identity.mean(1))
    return usual > 0 ? Math.min(5, Math.max(0.2, now / usual)) : 1
  }
  profileNow(profile: number): number {
    return at(this.profileAt, profile * (this.grid.length + 1))
  }
  profileAhead(profile: number, leadIndex: number): number {
    return at(this.profileAt, profile * (this.grid.length + 1) + 1 + leadIndex)
  }

  /** Whether the value of a profile at this grid lead is known an hour, a day or a week before. */
  profileReaches(profile: number, leadIndex: number): boolean {
    return (this.grid[leadIndex] ?? 0) <= (this.profiles[profile]?.periodSteps ?? 0)
  }

  /** Takes the next step's value, or NaN where there is none. */
  learn(value: number): void {
    const s = this.state
    const step = at(s, STEP)
    this.readProfiles(step)
    this.learnProfiles(step)
    const valid = !Number.isNaN(value)
    s[STEP] = step + 1
    s[VALID] = valid ? 1 : 0
    s[MAX] = Math.max(at(s, MAX) * MAX_DECAY, valid ? Math.abs(value) : 0)
    if (valid) {
      this.identity.learn(value)
      this.learnZeros(value)
      this.learnLog(value)
    }
    this.recent[step % this.delay] = value
    this.recentBase[step % this.delay] = this.identity.mean(2)
  }

  private readProfiles(step: number): void {
    const width = this.grid.length + 1
    for (let p = 0; p < PROFILE_COUNT; p++) {
      const profile = this.profiles[p]
      if (profile === undefined || !profile.active) continue
      this.profileAt[p * width] = profile.read(step)
      for (let g = 0; g < this.grid.length; g++) {
        const ahead = this.profileReaches(p, g) ? profile.read(step + (this.grid[g] ?? 0)) : Number.NaN
        this.profileAt[p * width + 1 + g] = ahead
      }
    }
  }

  private learnProfiles(step: number): void {
    const value = at(this.recent, step % this.delay)
    if (step < this.delay || Number.isNaN(value)) return
    const past = step - this.delay
    const limit = 4 * this.identity.slow
    const deviation = value - at(this.recentBase, step % this.delay)
    for (let p = 0; p < PROFILE_COUNT; p++) {
      const learned = p === HOUR ? Math.max(-limit, Math.min(limit, deviation)) : value
      this.profiles[p]?.learn(past, learned)
    }
  }

  private learnZeros(value: number): void {
    const s = this.state
    const alpha = Math.max(ZERO_ALPHA, 1 / (10 + this.identity.count))
    s[ZEROS] = at(s, ZEROS) + alpha * ((value === 0 ? 1 : 0) - at(s, ZEROS))
    const smallest = at(s, SMALLEST) / MAX_DECAY
    if (value > 0) s[SMALLEST] = smallest > 0 ? Math.min(smallest, value) : value
  }

  private learnLog(value: number): void {
    const count = this.identity.count
    if (this.log.ready) {
      this.log.learn(value)
      return
    }
    this.firstValues[count - 1] = value
    this.state[ABS_MEAN] = at(this.state, ABS_MEAN) + Math.abs(value) / LOG_WARMUP
    if (count < LOG_WARMUP) return
    this.log.wake(Math.max(1e-9, 0.1 * at(this.state, ABS_MEAN)))
    for (let i = 0; i < LOG_WARMUP; i++) this.log.learn(at32(this.firstValues, i))
  }
}
