import { createEngine, type Engine } from '../../../forecast/index.ts'
import { InvalidInputError } from '../../../kernel/errors.ts'
import {
  type CapacityPolicy,
  ceilTolerant,
  floorTolerant,
  longestStepsToReady,
  type PastDemand,
  type PolicyObservation,
  type PolicySetup,
} from '../../../plan/index.ts'
import { Hpa } from './hpa.ts'
import { type Choice, cheapest, choicesOf, noteOf, sceneOfHistory } from './tuned.ts'

const CHOICES = choicesOf([0.5, 0.7, 0.9], [60, 300, 900])
const LONGEST_HORIZON = 1000
/** The seed of whatever the forecaster draws. */
const SEED = 1
/** Share of the history that is only learned from before the choice is judged. */
const LEARNED_SHARE = 4

/** The autoscaler on offered load, tuned on the past, over a floor: what demand may become by the time an order is ready. */
export function reactiveFloor(setup: PolicySetup): CapacityPolicy {
  const floor = new ForecastFloor(setup)
  const from = floorTolerant(setup.history.length / LEARNED_SHARE)
  floor.learn(setup.history)
  const make = (inner: PolicySetup, choice: Choice) => overFloor(inner, choice, floor)
  const choice = cheapest(sceneOfHistory(setup, from), CHOICES, make) ?? CHOICES[0]
  if (choice === undefined) return { decide: () => null }
  return { ...overFloor(setup, choice, floor), note: noteOf(choice) }
}

function overFloor(setup: PolicySetup, choice: Choice, floor: ForecastFloor): CapacityPolicy {
  const hpa = new Hpa(setup, { metric: 'offered', ...choice })
  return {
    decide(observation: PolicyObservation) {
      floor.learn(observation.past)
      return Math.max(hpa.decide(observation) ?? observation.position, floor.at(observation.past.length))
    },
  }
}

/**
 * For each step the replicas that the critical quantile (1 − κ/p) of demand asks for at the end of the longest way from
 * decision to ready, forecast from the steps before it; the floor holds the highest of as many steps.
 */
class ForecastFloor {
  private readonly engine: Engine
  private readonly level: number
  private readonly lead: number
  private readonly unit: number
  /** By step of the trace: replicas asked for by the forecast made from what precedes it. */
  private readonly asked: number[] = [0]

  constructor({ terms, startSeconds }: PolicySetup) {
    const quantile = 1 - terms.pricePerReplicaHour / terms.penaltyPerReplicaHourShort
    const levels = [...new Set([0.5, quantile])].sort((a, b) => a - b)
    this.level = levels.indexOf(quantile)
    this.lead = longestStepsToReady(terms) + 1
    this.unit = terms.capacityPerReplica * terms.shortfallUtilisation
    if (this.lead > LONGEST_HORIZON) {
      throw new InvalidInputError(
        `An order takes ${this.lead - 1} steps until it is ready; a forecast reaches ${LONGEST_HORIZON} steps.`,
      )
    }
    const { stepSeconds } = terms
    this.engine = createEngine({ stepSeconds, horizon: this.lead, levels, seed: SEED, startSeconds })
  }

  /** Takes the steps of `past` that are new. */
  learn({ values, gap, length }: PastDemand): void {
    for (let i = this.asked.length - 1; i < length; i++) {
      this.engine.learn(gap[i] === 1 ? Number.NaN : (values[i] ?? Number.NaN))
      const demand = this.engine.forecast()[this.lead - 1]?.values[this.level] ?? 0
      this.asked.push(ceilTolerant(Math.max(0, demand) / this.unit))
    }
  }

  /** The floor for a decision at `step` of the trace. */
  at(step: number): number {
    return Math.max(...this.asked.slice(Math.max(0, step - this.lead + 1), step + 1))
  }
}
