import { createEngine, type Engine } from '../../../forecast/index.ts'
import { InvalidInputError } from '../../../kernel/errors.ts'
import {
  type DemandQuantiles,
  leadsNeeded,
  type PastDemand,
  type PolicySetup,
  plannedTerms,
} from '../../../plan/index.ts'

const LEVELS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]
/** The seed of whatever the forecaster draws. */
const SEED = 1
const LONGEST_HORIZON = 1000
/** Observations before the first forecast that is acted on. */
const COLD = 10
/** Numbers that are kept at most. */
const MOST_KEPT = 20_000_000

/**
 * Forecasts of one trace, each made from the steps up to it and nothing else. With `keep`, the same forecasts can be gone
 * through again, for policies that differ in what they make of them.
 * @throws InvalidInputError when an order takes longer than a forecast reaches
 */
export class DemandForecasts {
  private readonly engine: Engine
  private readonly horizon: number
  /** By step; null where none was made or there was too little to learn from. */
  private readonly kept: (Float64Array | null)[] | null
  /** Steps that were learned. */
  private learned = 0

  constructor({ terms, startSeconds }: PolicySetup, { keep = false } = {}) {
    this.horizon = leadsNeeded(plannedTerms(terms))
    if (this.horizon > LONGEST_HORIZON) {
      throw new InvalidInputError(
        `An order takes ${this.horizon - 2} steps until it is ready; a forecast reaches ${LONGEST_HORIZON} steps.`,
      )
    }
    const { stepSeconds } = terms
    this.engine = createEngine({
      stepSeconds,
      horizon: this.horizon,
      levels: LEVELS,
      seed: SEED,
      startSeconds,
    })
    this.kept = keep ? [] : null
  }

  /** Whether the forecasts of so many steps can be kept. */
  static canKeep(terms: PolicySetup['terms'], steps: number): boolean {
    return steps * leadsNeeded(plannedTerms(terms)) * LEVELS.length <= MOST_KEPT
  }

  /** Learns the steps before `from` without forecasting from them. */
  rehearse(past: PastDemand, from: number): void {
    while (this.learned < from) this.learn(past, past.length)
  }

  /** The forecast made from step `i` and those before it; steps are asked for in order. */
  from(past: PastDemand, i: number): DemandQuantiles | null {
    if (i < this.learned) return this.again(i)
    while (this.learned <= i) this.learn(past, 0)
    if (this.engine.observations < COLD) return null
    const leads = this.engine.forecast().map(({ values }) => values)
    if (this.kept !== null) this.kept[i] = Float64Array.from(leads.flat())
    return { levels: LEVELS, leads }
  }

  private learn({ values, gap }: PastDemand, following: number): void {
    const i = this.learned++
    this.engine.learn(gap[i] === 1 ? Number.NaN : (values[i] ?? Number.NaN), following)
    this.kept?.push(null)
  }

  private again(i: number): DemandQuantiles | null {
    const row = this.kept?.[i] ?? null
    if (row === null) return null
    const leads = Array.from({ length: this.horizon }, (_, lead) =>
      Array.from(row.subarray(lead * LEVELS.length, (lead + 1) * LEVELS.length)),
    )
    return { levels: LEVELS, leads }
  }
}
