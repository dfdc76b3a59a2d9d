import type { ExpectedNeed, NeedRow } from './expected-need.ts'

/** What one replica costs, in units of its price for one step. */
export type LevelTerms = {
  /** Steps from the decision until a replica serves. */
  stepsToReady: number
  /** What ordering one costs before it serves: the steps of its lead time that are paid, and the start. */
  startCost: number
  /** What giving one back costs. */
  stopCost: number
  /** Price of being short of one for a step. */
  penalty: number
}

/**
 * The position to hold. Cost is a sum over replicas, the n-th of which is needed when demand passes n − 1 of them, and
 * orders do not interact, so each replica is a switching problem of its own: on costs its price, off costs what is
 * expected to be short, a start takes its lead time and costs it. Each is solved by backward induction over the
 * horizon on expected need (open loop: what will be learned on the way does not take part), beyond it as at its end.
 */
export class LevelControl {
  private readonly terms: LevelTerms
  private readonly on: Float64Array
  private readonly off: Float64Array

  /** `horizon`: leads that need is known for. */
  constructor(terms: LevelTerms, horizon: number) {
    this.terms = terms
    const length = horizon + terms.stepsToReady + 2
    this.on = new Float64Array(length)
    this.off = new Float64Array(length)
  }

  /** The position that is worth holding, from `position` now, within [min, max]. */
  desired(need: ExpectedNeed, position: number, min: number, max: number): number {
    const held = Math.min(max, Math.max(min, position))
    const ordering = (n: number) => this.worthOrdering(need.of(n))
    if (held < max && ordering(held + 1)) return highest(held + 1, max, ordering)
    if (held <= min || this.worthKeeping(need.of(held))) return held
    return highest(min, held - 1, (n) => n <= min || this.worthKeeping(need.of(n)))
  }

  private worthOrdering(row: NeedRow): boolean {
    const ordered = this.solve(row)
    return ordered < this.terms.penalty * (row.need[0] ?? 0) + (this.off[1] ?? 0)
  }

  private worthKeeping(row: NeedRow): boolean {
    this.solve(row)
    const { penalty, stopCost } = this.terms
    return (this.on[0] ?? 0) < stopCost + penalty * (row.need[0] ?? 0) + (this.off[1] ?? 0)
  }

  /** Cost to go of one replica by lead, on and off; gives what it costs if ordered now. */
  private solve({ need, before }: NeedRow): number {
    const { on, off } = this
    const { stepsToReady, startCost, stopCost, penalty } = this.terms
    const end = need.length
    const last = penalty * (need[end - 1] ?? 0)
    const wanted = last > 1
    const each = Math.min(1, last)
    for (let j = end; j < on.length; j++) {
      const rest = (on.length - 1 - j) * each
      on[j] = rest + (wanted ? 0 : stopCost)
      off[j] = rest + (wanted ? stepsToReady * (last - 1) + startCost : 0)
    }
    let ordered = 0
    for (let j = end - 1; j >= 0; j--) {
      const short = penalty * (need[j] ?? 0)
      on[j] = 1 + Math.min(on[j + 1] ?? 0, (off[j + 1] ?? 0) + stopCost)
      const ready = j + stepsToReady
      const shortUntilReady =
        penalty * ((before[Math.min(ready, end)] ?? 0) - (before[j] ?? 0)) + last * Math.max(0, ready - end)
      ordered = startCost + shortUntilReady + (on[ready] ?? 0)
      off[j] = Math.min(ordered, short + (off[j + 1] ?? 0))
    }
    return ordered
  }
}

/** The highest n of [low, high] that holds, where `low` does and what is above one that does not, does not. */
function highest(low: number, high: number, holds: (n: number) => boolean): number {
  let from = low
  let step = 1
  while (from + step <= high && holds(from + step)) {
    from += step
    step *= 2
  }
  let to = Math.min(high + 1, from + step)
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2)
    if (holds(middle)) from = middle
    else to = middle
  }
  return from
}
