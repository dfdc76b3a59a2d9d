import { InvalidInputError } from '../../kernel/errors.ts'
import { at } from '../numeric/arrays.ts'
import { deviationsOf } from '../numeric/normal-deviation.ts'
import type { Slab } from '../numeric/slab.ts'
import { eventKinds } from './contract.ts'

/** A planned event in steps of the engine; `endStep` is the first step after it. */
export type EventInSteps = {
  id: string
  kind: (typeof eventKinds)[number]
  startStep: number
  endStep: number
  /** Demand over usual demand that people expect while it lasts; null: learn it from earlier ones of its kind. */
  expectedFactor: number | null
}

/** Events that are kept at a time: those under way or ahead, the nearest first. */
const MOST_EVENTS = 16
/** Variances of log effects: of a declared one, of one nobody knows, and of a kind, by itself and per occurrence. */
const DECLARED = 0.3 ** 2
const UNKNOWN = 1
const KIND = 0.15 ** 2
const OCCURRENCE = 0.3 ** 2
/** A kind forgets: more occurrences than this do not make it surer. */
const MOST_OCCURRENCES = 8
/** Log effects stay within a factor of a hundred, and what they widen within a standard deviation of 0.3. */
const LIMIT = Math.log(100)
const WIDEST = 0.3 ** 2
/** A launch may ramp up over minutes: its first values say little against what people expect of the whole. */
const SMALLEST_NOISE = 0.2 ** 2
/** Below this share of usual demand, what is measured says nothing of the usual. */
const LOST = 0.1

const ID = 0
const CATEGORY = 1
const START = 2
const END = 3
const DECLARED_LOG = 4
const MEAN = 5
const VARIANCE = 6
const SEEN = 7
const WIDTH = 8

/**
 * Planned events as regressors with a multiplicative effect: a log ratio of what is measured to what was forecast before
 * the event began. An event starts from what was declared and what its kind did before, each by its precision; while it
 * lasts, a Kalman filter learns its own effect; at its end the kind learns from it. Values are divided by the effect
 * before anything else learns, so that a holiday does not poison profiles, and quantiles within an event are multiplied
 * by it and widened by its uncertainty. Without events nothing is touched.
 */
export class EventEffects {
  private readonly rows: Float64Array
  private readonly kinds: Float64Array
  private readonly base: Float64Array
  private readonly baseStep: Float64Array
  private readonly grid: readonly number[]
  private readonly levels: readonly number[]
  private readonly median: number
  private readonly deviations: readonly number[]

  constructor(slab: Slab, grid: readonly number[], levels: readonly number[]) {
    this.grid = grid
    this.levels = levels
    this.median = levels.indexOf(0.5)
    this.deviations = levels.map(deviationsOf)
    this.rows = slab.f64('events.rows', MOST_EVENTS * WIDTH, Number.NaN)
    this.kinds = slab.f64('events.kinds', 2 * eventKinds.length)
    this.base = slab.f64('events.base', 2 * grid.length, Number.NaN)
    this.baseStep = slab.f64('events.baseStep', 1)
  }

  /**
   * Says which events are under way or ahead at `step`; those of before that are not among them are forgotten. What an
   * event under way has taught so far stays.
   * @throws InvalidInputError when an event ends before it begins or its factor is not positive.
   */
  plan(step: number, events: readonly EventInSteps[]): void {
    this.closeEnded(step)
    const before = this.rows.slice()
    const ahead = events.filter(({ endStep }) => endStep > step).sort((a, b) => a.startStep - b.startStep)
    this.rows.fill(Number.NaN)
    for (const [i, event] of ahead.slice(0, MOST_EVENTS).entries()) {
      const { id, kind, startStep, endStep, expectedFactor } = event
      if (!(endStep > startStep) || (expectedFactor !== null && !(expectedFactor > 0))) {
        throw new InvalidInputError(`Event ${id} must end after its start and have a positive factor.`)
      }
      const key = keyOf(id)
      const first = i * WIDTH
      const known = Array.from({ length: MOST_EVENTS }, (_, row) => row * WIDTH).find(
        (row) => before[row + ID] === key && at(before, row + SEEN) > 0,
      )
      if (known !== undefined) this.rows.set(before.subarray(known, known + WIDTH), first)
      else this.rows[first + SEEN] = 0
      this.rows[first + ID] = key
      this.rows[first + CATEGORY] = eventKinds.indexOf(kind)
      this.rows[first + START] = startStep
      this.rows[first + END] = endStep
      this.rows[first + DECLARED_LOG] = expectedFactor === null ? Number.NaN : Math.log(expectedFactor)
      if (known === undefined) this.expect(first)
    }
  }

  /** Demand over usual demand at `step`; 1 outside of events. */
  factorAt(step: number): number {
    return this.active(step) ? Math.exp(Math.max(-LIMIT, Math.min(LIMIT, this.sum(step, MEAN)))) : 1
  }

  /** Largest factor that a forecast from `step` has in any lead, at least 1. */
  highestFactor(step: number): number {
    return this.grid.reduce((most, lead) => Math.max(most, this.factorAt(step + lead)), 1)
  }

  /** Whether what is measured under an effect of `factor` says anything of usual demand. */
  tells(factor: number): boolean {
    return factor >= LOST
  }

  /** Learns from the value of `step`, and closes events that are over. */
  learn(step: number, value: number): void {
    this.closeEnded(step)
    if (!this.active(step)) return
    const g = this.grid.indexOf(step - at(this.baseStep, 0))
    const middle = g < 0 ? Number.NaN : at(this.base, 2 * g)
    if (!(middle > 0)) return
    const ratio = Math.max(-LIMIT, Math.min(LIMIT, Math.log(value / middle)))
    const innovation = ratio - this.sum(step, MEAN)
    const variance = this.sum(step, VARIANCE)
    for (let row = 0; row < this.rows.length; row += WIDTH) {
      if (!this.covers(row, step)) continue
      const seen = at(this.rows, row + SEEN)
      // Errors of one forecast go together, so each further value says less.
      const noise = (at(this.base, 2 * g + 1) + SMALLEST_NOISE) * (1 + seen)
      const gain = at(this.rows, row + VARIANCE) / (variance + noise)
      this.rows[row + MEAN] = at(this.rows, row + MEAN) + gain * innovation
      this.rows[row + VARIANCE] = at(this.rows, row + VARIANCE) * (1 - gain)
      this.rows[row + SEEN] = seen + 1
    }
  }

  /** Takes in what is forecast at `step` for usual demand, then turns it into what is forecast with events. */
  express(step: number, quantiles: Float64Array): void {
    const count = this.levels.length
    if (!this.active(step)) {
      this.baseStep[0] = step
      for (let g = 0; g < this.grid.length; g++) {
        const middle = at(quantiles, g * count + this.median)
        const reach = at(quantiles, (g + 1) * count - 1) - at(quantiles, g * count)
        const spread = reach / ((this.deviations.at(-1) ?? 1) - (this.deviations[0] ?? -1)) / middle
        this.base[2 * g] = middle
        this.base[2 * g + 1] = spread * spread
      }
    }
    for (let g = 0; g < this.grid.length; g++) {
      const target = step + (this.grid[g] ?? 1)
      if (!this.active(target)) continue
      const factor = this.factorAt(target)
      const middle = at(quantiles, g * count + this.median)
      const doubt = middle * Math.sqrt(Math.min(WIDEST, this.sum(target, VARIANCE)))
      for (let q = 0; q < count; q++) {
        const distance = at(quantiles, g * count + q) - middle
        const side = q < this.median ? -1 : 1
        const wide = Math.hypot(distance, doubt * (this.deviations[q] ?? 0))
        quantiles[g * count + q] = factor * Math.max(0, middle + side * wide)
      }
    }
  }

  /** Starts a row from what was declared and what its kind did before. */
  private expect(row: number): void {
    const category = at(this.rows, row + CATEGORY)
    const declared = at(this.rows, row + DECLARED_LOG)
    const known = !Number.isNaN(declared)
    const occurrences = at(this.kinds, 2 * category + 1)
    const ofKind = occurrences > 0 ? 1 / (KIND + OCCURRENCE / occurrences) : 0
    const ofDeclared = 1 / (known ? DECLARED : UNKNOWN)
    const weight = ofKind + ofDeclared
    this.rows[row + MEAN] =
      ((known ? declared : 0) * ofDeclared + at(this.kinds, 2 * category) * ofKind) / weight
    this.rows[row + VARIANCE] = 1 / weight
  }

  /** Ends rows that are over at `step`; those still ahead then expect what was learned. */
  private closeEnded(step: number): void {
    let closed = false
    for (let row = 0; row < this.rows.length; row += WIDTH) {
      if (!(step >= at(this.rows, row + END))) continue
      this.close(row)
      closed = true
    }
    if (!closed) return
    for (let row = 0; row < this.rows.length; row += WIDTH)
      if (at(this.rows, row + SEEN) === 0) this.expect(row)
  }

  private close(row: number): void {
    const category = at(this.rows, row + CATEGORY)
    if (at(this.rows, row + SEEN) > 0) {
      const occurrences = Math.min(MOST_OCCURRENCES, at(this.kinds, 2 * category + 1) + 1)
      const mean = at(this.kinds, 2 * category)
      this.kinds[2 * category] = mean + (at(this.rows, row + MEAN) - mean) / occurrences
      this.kinds[2 * category + 1] = occurrences
    }
    this.rows.fill(Number.NaN, row, row + WIDTH)
  }

  private covers(row: number, step: number): boolean {
    return step >= at(this.rows, row + START) && step < at(this.rows, row + END)
  }

  private active(step: number): boolean {
    for (let row = 0; row < this.rows.length; row += WIDTH) if (this.covers(row, step)) return true
    return false
  }

  private sum(step: number, field: number): number {
    let sum = 0
    for (let row = 0; row < this.rows.length; row += WIDTH) {
      if (this.covers(row, step)) sum += at(this.rows, row + field)
    }
    return sum
  }
}

/** 48 bits of an id, exact in a double: state is numbers only. */
function keyOf(id: string): number {
  let low = 0x811c9dc5
  let high = 0x1b873593
  for (const char of id) {
    const code = char.codePointAt(0) ?? 0
    low = Math.imul(low ^ code, 0x01000193) >>> 0
    high = Math.imul(high ^ code, 0x85ebca6b) >>> 0
  }
  return (high & 0xffff) * 2 ** 32 + low
}
