import { createEngine, type Engine } from '../../../forecast/index.ts'
import { InvalidInputError } from '../../../kernel/errors.ts'
import {
  type DemandQuantiles,
  floorTolerant,
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
/**
 * A history of more steps than this is a long replay. There, where an order takes many steps, a forecast is made every
 * third one at most: by the time of its leads one that is two steps old says nearly the same, at half the cost.
 */
const LONG_HISTORY = 10_000
const MOST_STRIDE = 3
const STRIDE_SHARE = 0.6
/** Later steps that the forecaster is told of where a step's own forecast is not asked for. */
const NOT_ASKED = 2_000
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
  /** Steps between forecasts. */
  private readonly stride: number
  /** By step; null where none was made or there was too little to learn from. */
  private readonly kept: (Float64Array | null)[] | null
  /** Steps that were learned. */
  private learned = 0
  /** Quantiles by lead of the newest forecast. */
  private latest: number[][] | null = null

  constructor({ terms, startSeconds, history }: PolicySetup, { keep = false } = {}) {
    const needed = leadsNeeded(plannedTerms(terms))
    this.stride =
      history.length > LONG_HISTORY
        ? Math.max(1, Math.min(MOST_STRIDE, floorTolerant(STRIDE_SHARE * (needed - 2))))
        : 1
    this.horizon = needed + this.stride - 1
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

  /** The forecast for what follows step `i`, made from steps up to it; steps are asked for in order. */
  from(past: PastDemand, i: number): DemandQuantiles | null {
    if (i < this.learned) return this.again(i)
    const made = this.madeFor(i)
    while (this.learned < i) this.learn(past, NOT_ASKED)
    this.learn(past, made === i ? 0 : NOT_ASKED)
    if (made === i) {
      const ready = this.engine.observations >= COLD
      this.latest = ready ? this.engine.forecast().map(({ values }) => values) : null
      if (this.kept !== null && this.latest !== null) this.kept[i] = Float64Array.from(this.latest.flat())
    }
    return this.latest === null ? null : { levels: LEVELS, leads: this.latest.slice(i - made) }
  }

  private learn({ values, gap }: PastDemand, following: number): void {
    const i = this.learned++
    this.engine.learn(gap[i] === 1 ? Number.NaN : (values[i] ?? Number.NaN), following)
    this.kept?.push(null)
  }

  private again(i: number): DemandQuantiles | null {
    const made = this.madeFor(i)
    const row = this.kept?.[made] ?? null
    if (row === null) return null
    const leads = Array.from({ length: this.horizon }, (_, lead) =>
      Array.from(row.subarray(lead * LEVELS.length, (lead + 1) * LEVELS.length)),
    )
    return { levels: LEVELS, leads: leads.slice(i - made) }
  }

  /** The step whose forecast tells what follows step `i`. */
  private madeFor(i: number): number {
    return i - (i % this.stride)
  }
}
