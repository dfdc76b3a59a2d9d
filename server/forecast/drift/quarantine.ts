import { at } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'

/** Beyond this many times the largest value seen lately, a value is not believed at once. */
const ABSURD = 50
/** Positive values from which "largest seen" means something. */
const FAMILIAR = 60
/** Absurd values in a row that are believed after all, if they agree within this factor. */
const CONFIRMATIONS = 3
const AGREEMENT = 10

const POSITIVES = 0
const COUNT = 1
const SINCE = 2
const LOWEST = 3
const HIGHEST = 4
const LOG_SUM = 5
const FIELDS = 6

/** What became of a value: taken as it is, set aside, or believed as the last of several that agree. */
export type Verdict = 'usual' | 'suspect' | 'confirmed' | 'cleared'

/**
 * Values absurdly beyond anything seen are set aside: they teach nothing until three in a row agree. On the series
 * that constants were chosen on, no value passed 13 times the largest before it once sixty were known.
 */
export class Quarantine {
  private readonly fields: Float64Array

  constructor(slab: Slab) {
    this.fields = slab.f64('quarantine', FIELDS)
  }

  /** Step of the first value that is set aside now. */
  get since(): number {
    return at(this.fields, SINCE)
  }
  /** Geometric mean of the values that are or were last set aside. */
  get level(): number {
    return Math.exp(at(this.fields, LOG_SUM) / Math.max(1, at(this.fields, COUNT)))
  }

  /**
   * Judges the value of step `step` against the largest seen lately. *cleared*: the value is usual, and what was set
   * aside before it was nothing; `forget` ends that.
   */
  judge(step: number, value: number, largest: number): Verdict {
    const f = this.fields
    const absurd = at(f, POSITIVES) >= FAMILIAR && value > ABSURD * largest
    if (!absurd) {
      if (value > 0) f[POSITIVES] = at(f, POSITIVES) + 1
      return at(f, COUNT) > 0 ? 'cleared' : 'usual'
    }
    if (at(f, COUNT) === 0) {
      f[SINCE] = step
      f[LOWEST] = value
      f[HIGHEST] = value
    }
    f[COUNT] = at(f, COUNT) + 1
    f[LOG_SUM] = at(f, LOG_SUM) + Math.log(value)
    f[LOWEST] = Math.min(at(f, LOWEST), value)
    f[HIGHEST] = Math.max(at(f, HIGHEST), value)
    if (at(f, COUNT) < CONFIRMATIONS) return 'suspect'
    if (at(f, HIGHEST) <= AGREEMENT * at(f, LOWEST)) return 'confirmed'
    // They contradict each other: the next ones are judged afresh, this one is the first of them.
    f[COUNT] = 1
    f[LOG_SUM] = Math.log(value)
    f[LOWEST] = value
    f[HIGHEST] = value
    return 'suspect'
  }

  forget(): void {
    this.fields[COUNT] = 0
    this.fields[LOG_SUM] = 0
  }
}
