import { createEngine, type Engine } from '../../../forecast/index.ts'
import { InvalidInputError } from '../../../kernel/errors.ts'
import {
  type CapacityPolicy,
  type DemandQuantiles,
  isControlStep,
  leadsNeeded,
  type PolicyObservation,
  type PolicySetup,
  PoolController,
  plannedTerms,
} from '../../../plan/index.ts'
import { initialReplicasOf } from '../simulate.ts'
import { sceneOfHistory } from './tuned.ts'

const LEVELS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]
/** The seed of whatever the forecaster draws. */
const SEED = 1
const LONGEST_HORIZON = 1000
/** Last steps of the history that the candidates run through; the forecaster learns from all of it. */
const REHEARSED = 8_000
/** Observations before the first forecast that is acted on. */
const COLD = 10

/** The product's own policy: the forecaster and the controller that run a pool, over the history and then the window. */
export function infrasage(setup: PolicySetup): CapacityPolicy {
  return new InfrasagePolicy(setup)
}

class InfrasagePolicy implements CapacityPolicy {
  private readonly setup: PolicySetup
  private readonly engine: Engine
  private readonly controller: PoolController
  /** Steps of the trace that were taken in. */
  private taken = 0

  constructor(setup: PolicySetup) {
    const { terms, startSeconds, history } = setup
    this.setup = setup
    const horizon = leadsNeeded(plannedTerms(terms))
    if (horizon > LONGEST_HORIZON) {
      throw new InvalidInputError(
        `An order takes ${horizon - 2} steps until it is ready; a forecast reaches ${LONGEST_HORIZON} steps.`,
      )
    }
    const { stepSeconds } = terms
    this.engine = createEngine({ stepSeconds, horizon, levels: LEVELS, seed: SEED, startSeconds })
    const from = Math.max(0, history.length - REHEARSED)
    const initialReplicas =
      history.length > 0 ? initialReplicasOf(sceneOfHistory(setup, from)) : setup.initialReplicas
    this.controller = new PoolController({ terms, latency: terms, initialReplicas })
    for (; this.taken < from; this.taken++) this.engine.learn(measured(history, this.taken), history.length)
    this.take(history, history.length)
  }

  decide({ past, step }: PolicyObservation): number | null {
    this.take(past, step === 0 ? 0 : past.length)
    return this.controlled(past.length) ? this.controller.desired() : null
  }

  private take(past: PolicySetup['history'], length: number): void {
    for (; this.taken < length; this.taken++) {
      const i = this.taken
      this.engine.learn(measured(past, i))
      this.controller.advance({
        demand: past.values[i] ?? 0,
        gap: past.gap[i] === 1,
        forecast: this.forecast(),
        decides: this.controlled(i + 1),
      })
    }
  }

  private forecast(): DemandQuantiles | null {
    if (this.engine.observations < COLD) return null
    return { levels: LEVELS, leads: this.engine.forecast().map(({ values }) => values) }
  }

  /** Whether step `i` of the trace is one to decide in; turns are counted from the first decision, in both directions. */
  private controlled(i: number): boolean {
    const { history, terms, controlIntervalSeconds } = this.setup
    return isControlStep(i - history.length, terms.stepSeconds, controlIntervalSeconds)
  }
}

const measured = ({ values, gap }: PolicySetup['history'], i: number): number =>
  gap[i] === 1 ? Number.NaN : (values[i] ?? Number.NaN)
