import { at, at32 } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'

/** Last judged 90% intervals of the first lead, and how unlikely their misses must be. */
const WINDOW = 50
const MISS_SHARE = 0.1
const CHANCE = 1e-4

/** Page–Hinkley on |error| over its own slow mean: slack, threshold, and the most that one value may add. */
const SLACK = 0.5
const THRESHOLD = 20
const FALL_SLACK = 0.3
const FALL_THRESHOLD = 25
const MOST = 5
const SLOW = 0.004
const FAST = 0.06
const WARM = 60

const HELD_COUNT = 0
const MISSES = 1
const SLOW_ERROR = 2
const FAST_ERROR = 3
const COUNT = 4
const RISE = 5
const FALL = 6
const RISE_SINCE = 7
const FALL_SINCE = 8
const SIDE = 9
const FIELDS = 10

/** What a monitor found: the kind, when it began, and its size as `DriftLog` takes it. */
export type Finding = { kind: 'spread' | 'loss' | 'coverage'; since: number; factor: number }

/**
 * Slow changes, seen on the first lead: Page–Hinkley tests (Page 1954, Biometrika 41; Gama et al. 2014, ACM Computing
 * Surveys 46) on the size of the error, both ways, and an exact binomial test on the misses of the 90% interval.
 */
export class Monitors {
  private readonly fields: Float64Array
  private readonly misses: Float32Array

  constructor(slab: Slab) {
    this.fields = slab.f64('drift.monitors', FIELDS)
    this.misses = slab.f32('drift.misses', WINDOW)
  }

  /** Judges one value against its forecast of the step before. */
  judge(step: number, value: number, low: number, middle: number, high: number): Finding | null {
    return this.judgeError(step, value - middle) ?? this.judgeCoverage(step, value < low || value > high)
  }

  /** Starts all tests anew, after a change that explains what they have seen. */
  forget(): void {
    const f = this.fields
    f[HELD_COUNT] = 0
    f[MISSES] = 0
    f[RISE] = 0
    f[FALL] = 0
    this.misses.fill(0)
  }

  private judgeError(step: number, error: number): Finding | null {
    const f = this.fields
    const size = Math.abs(error)
    const count = at(f, COUNT) + 1
    f[COUNT] = count
    const before = at(f, SLOW_ERROR)
    const seen = count > WARM ? Math.min(size, (MOST + 1) * before) : size
    f[SLOW_ERROR] = before + Math.max(SLOW, 1 / count) * (seen - before)
    f[FAST_ERROR] = at(f, FAST_ERROR) + Math.max(FAST, 1 / count) * (seen - at(f, FAST_ERROR))
    f[SIDE] = at(f, SIDE) + FAST * (Math.sign(error) - at(f, SIDE))
    if (count <= WARM || !(before > 0)) return null
    const excess = Math.min(MOST, size / before - 1)
    if (at(f, RISE) === 0) f[RISE_SINCE] = step
    f[RISE] = Math.max(0, at(f, RISE) + excess - SLACK)
    if (at(f, FALL) === 0) f[FALL_SINCE] = step
    f[FALL] = Math.max(0, at(f, FALL) - excess - FALL_SLACK)
    const rose = at(f, RISE) > THRESHOLD
    if (!rose && at(f, FALL) <= FALL_THRESHOLD) return null
    const since = at(f, rose ? RISE_SINCE : FALL_SINCE)
    const factor = at(f, FAST_ERROR) / before
    f[SLOW_ERROR] = at(f, FAST_ERROR)
    f[RISE] = 0
    f[FALL] = 0
    // Errors on both sides are a wider spread; on one side they are forecasts that run behind.
    return { kind: rose && Math.abs(at(f, SIDE)) > 0.6 ? 'loss' : 'spread', since, factor }
  }

  private judgeCoverage(step: number, missed: boolean): Finding | null {
    const f = this.fields
    const count = at(f, HELD_COUNT)
    const slot = count % WINDOW
    f[MISSES] = at(f, MISSES) - at32(this.misses, slot) + (missed ? 1 : 0)
    this.misses[slot] = missed ? 1 : 0
    f[HELD_COUNT] = count + 1
    if (count + 1 < WINDOW || at(f, MISSES) < TOO_MANY) return null
    const held = 1 - at(f, MISSES) / WINDOW
    f[HELD_COUNT] = 0
    f[MISSES] = 0
    this.misses.fill(0)
    return { kind: 'coverage', since: step, factor: held }
  }
}

/** Fewest misses of `WINDOW` whose binomial tail probability is below `CHANCE`. */
const TOO_MANY = (() => {
  let mass = (1 - MISS_SHARE) ** WINDOW
  let tail = 1
  for (let k = 0; k <= WINDOW; k++) {
    if (tail < CHANCE) return k
    tail -= mass
    mass *= ((WINDOW - k) / (k + 1)) * (MISS_SHARE / (1 - MISS_SHARE))
  }
  return WINDOW
})()
