import {
  type CapacityPolicy,
  isControlStep,
  type PolicyObservation,
  type PolicySetup,
  PoolController,
} from '../../../plan/index.ts'
import { initialReplicasOf, type PolicyFactory } from '../simulate.ts'
import { DemandForecasts } from './demand-forecasts.ts'
import { sceneOfHistory } from './tuned.ts'

/** Last steps of the history that the candidates run through; the forecaster learns from all of it. */
const REHEARSED = 8_000

/**
 * The product's own policy: the forecaster and the controller that run a pool, over the history and then the window.
 * `forecasts`: those of the same trace, where it is run several times.
 */
export function infrasage(setup: PolicySetup, forecasts = new DemandForecasts(setup)): CapacityPolicy {
  return new InfrasagePolicy(setup, forecasts)
}

/** The product's own policy; with `keep`, all of its runs go through the forecasts of the first. */
export function sharingForecasts(keep: boolean): PolicyFactory {
  let shared: DemandForecasts | null = null
  return (setup) => {
    if (!keep) return infrasage(setup)
    shared ??= new DemandForecasts(setup, { keep })
    return infrasage(setup, shared)
  }
}

class InfrasagePolicy implements CapacityPolicy {
  private readonly setup: PolicySetup
  private readonly forecasts: DemandForecasts
  private readonly controller: PoolController
  /** Steps of the trace that were taken in. */
  private taken: number

  constructor(setup: PolicySetup, forecasts: DemandForecasts) {
    const { terms, history } = setup
    this.setup = setup
    this.forecasts = forecasts
    const from = Math.max(0, history.length - REHEARSED)
    const initialReplicas =
      history.length > 0 ? initialReplicasOf(sceneOfHistory(setup, from)) : setup.initialReplicas
    this.controller = new PoolController({ terms, latency: terms, initialReplicas })
    forecasts.rehearse(history, from)
    this.taken = from
    this.take(history, history.length)
    this.controller.takeControl(setup.initialReplicas)
  }

  decide({ past, step }: PolicyObservation): number | null {
    this.take(past, step === 0 ? 0 : past.length)
    return this.controlled(past.length) ? this.controller.desired() : null
  }

  private take(past: PolicySetup['history'], length: number): void {
    for (; this.taken < length; this.taken++) {
      const i = this.taken
      this.controller.advance({
        demand: past.values[i] ?? 0,
        gap: past.gap[i] === 1,
        forecast: this.forecasts.from(past, i),
        decides: this.controlled(i + 1),
      })
    }
  }

  /** Whether step `i` of the trace is one to decide in; turns are counted from the first decision, in both directions. */
  private controlled(i: number): boolean {
    const { history, terms, controlIntervalSeconds } = this.setup
    return isControlStep(i - history.length, terms.stepSeconds, controlIntervalSeconds)
  }
}
