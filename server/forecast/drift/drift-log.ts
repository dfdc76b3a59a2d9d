import type { Drift } from '../contract.ts'
import { at } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'

const EVENTS = 16
const KINDS = ['level', 'spread', 'loss', 'coverage', 'suspect'] as const
const STEP = 0
const KIND = 1
const FACTOR = 2
const UNTIL = 3
const WIDTH = 4
/** Steps within which the experts' weights, spreads and intervals have followed a change. */
const RELEARNING_STEPS = 48

/** The last sixteen changes that the engine found, newest first when read. */
export class DriftLog {
  private readonly rows: Float64Array
  private readonly counters: Float64Array

  constructor(slab: Slab) {
    this.rows = slab.f64('drift.log', EVENTS * WIDTH)
    this.counters = slab.f64('drift.count', 1)
  }

  /**
   * Notes a change that began at `since` and was found at `step`. `factor`: new over old level or spread; for
   * *coverage*, the share of intervals that held.
   */
  add(step: number, since: number, kind: Drift['kind'], factor: number): void {
    const first = (at(this.counters, 0) % EVENTS) * WIDTH
    this.rows[first + STEP] = since
    this.rows[first + KIND] = KINDS.indexOf(kind)
    this.rows[first + FACTOR] = factor
    this.rows[first + UNTIL] = step + RELEARNING_STEPS
    this.counters[0] = at(this.counters, 0) + 1
  }

  /** What was found until `step`, newest first; `timeOf` gives the time of a step. */
  read(step: number, timeOf: (step: number) => Date): Drift[] {
    const count = at(this.counters, 0)
    const kept = Math.min(EVENTS, count)
    return Array.from({ length: kept }, (_, i) => {
      const first = ((count - 1 - i) % EVENTS) * WIDTH
      const kind = KINDS[at(this.rows, first + KIND)] ?? 'loss'
      const value = at(this.rows, first + FACTOR)
      const when = timeOf(at(this.rows, first + STEP))
      const relearned = step >= at(this.rows, first + UNTIL)
      const state = kind === 'suspect' ? 'ignored' : relearned ? 'settled' : 'relearning'
      const factor = kind === 'coverage' ? null : value
      return { at: when.toISOString(), kind, factor, state, text: wordsFor(kind, value, when, state) }
    })
  }
}

/** A change in words, such as "Level rose 2.3× at 14:05 UTC; relearning". */
export function wordsFor(kind: Drift['kind'], value: number, when: Date, state: Drift['state']): string {
  const time = `${when.toISOString().slice(11, 16)} UTC`
  const ending = state === 'relearning' ? '; relearning' : ''
  const times = (factor: number) => `${Number(factor.toPrecision(2))}×`
  if (kind === 'level') {
    const change = value >= 1 ? `rose ${times(value)}` : `fell to ${percent(value)}`
    return `Level ${change} at ${time}${ending}`
  }
  if (kind === 'spread') {
    const change = value >= 1 ? `grew ${times(value)}` : `fell to ${percent(value)}`
    return `Spread ${change} by ${time}${ending}`
  }
  if (kind === 'loss') return `Forecast errors grew ${times(value)} by ${time}${ending}`
  if (kind === 'coverage') return `The 90% interval held only ${percent(value)} lately, by ${time}${ending}`
  return `A value ${times(value)} the largest ever seen at ${time} was set aside; it taught nothing`
}

const percent = (share: number): string => `${Math.round(100 * share)}%`
