import {
  type CapacityPolicy,
  type PolicyObservation,
  type PolicySetup,
  ReactiveAutoscaler,
  SYNC_SECONDS,
  stepsIn,
} from '../../../plan/index.ts'
import { meanDemand, meanProcessed } from './recent.ts'

/** *processed*: CPU, which saturates. *offered*: requests at the gateway, which do not. */
export type HpaMetric = 'processed' | 'offered'
export type HpaOptions = { metric: HpaMetric; target: number; stabilisationSeconds: number }

export const DEFAULT_STABILISATION_SECONDS = 300

/** The Kubernetes HorizontalPodAutoscaler on what was served or on what was asked for. */
export class Hpa implements CapacityPolicy {
  readonly note?: string
  private readonly setup: PolicySetup
  private readonly metric: HpaMetric
  private readonly metricSteps: number
  private readonly autoscaler: ReactiveAutoscaler

  constructor(setup: PolicySetup, { metric, ...options }: HpaOptions, note?: string) {
    const { stepSeconds } = setup.terms
    this.setup = setup
    this.metric = metric
    this.note = note
    this.metricSteps = Math.max(1, stepsIn(SYNC_SECONDS, stepSeconds))
    this.autoscaler = new ReactiveAutoscaler({ stepSeconds, ...options }, setup.initialReplicas)
  }

  decide(observation: PolicyObservation): number | null {
    const { step, ready, pending, position } = observation
    const load = this.metric === 'offered' ? meanDemand : meanProcessed
    const mean = load(observation, this.metricSteps)
    if (mean === null) return null
    const used = mean / (this.setup.terms.capacityPerReplica * ready)
    return this.autoscaler.decide({
      step,
      used: this.metric === 'offered' ? used : Math.min(1, used),
      ready,
      anyPending: pending.length > 0,
      position,
    })
  }
}
