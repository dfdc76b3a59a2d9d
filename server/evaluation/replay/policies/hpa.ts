import {
  type CapacityPolicy,
  ceilTolerant,
  type PolicyObservation,
  type PolicySetup,
  stepsIn,
} from '../../../plan/index.ts'
import { meanDemand, meanProcessed, turnsAt } from './recent.ts'

/** *processed*: CPU, which saturates. *offered*: requests at the gateway, which do not. */
export type HpaMetric = 'processed' | 'offered'
export type HpaOptions = { metric: HpaMetric; target: number; stabilisationSeconds: number }

const SYNC_SECONDS = 15
const TOLERANCE = 0.1 + 1e-9
/** Doubling more often than this reaches any bound. */
const MOST_DOUBLINGS = 12
export const DEFAULT_STABILISATION_SECONDS = 300

/**
 * The Kubernetes HorizontalPodAutoscaler (autoscaling/v2) with its default behaviour: the largest recommendation of the
 * stabilisation window on the way down, at most twice or four more per 15 s on the way up.
 */
export class Hpa implements CapacityPolicy {
  readonly note?: string
  private readonly setup: PolicySetup
  private readonly options: HpaOptions
  private readonly metricSteps: number
  private recommended: { at: number; replicas: number }[]

  constructor(setup: PolicySetup, options: HpaOptions, note?: string) {
    this.setup = setup
    this.options = options
    this.note = note
    this.metricSteps = Math.max(1, stepsIn(SYNC_SECONDS, setup.terms.stepSeconds))
    this.recommended = [{ at: -0.001, replicas: setup.initialReplicas }]
  }

  decide(observation: PolicyObservation): number | null {
    const { stepSeconds } = this.setup.terms
    const at = observation.step * stepSeconds
    const syncs = turnsAt(observation.step, stepSeconds, SYNC_SECONDS)
    const spec = observation.position
    const replicas = syncs > 0 ? this.recommend(observation, spec) : null
    if (replicas === null) return null
    this.recommended.push({ at, replicas })
    const oldest = at - this.options.stabilisationSeconds
    this.recommended = this.recommended.filter((kept) => kept.at > oldest)
    if (replicas < spec) {
      return Math.min(spec, Math.max(...this.recommended.map((kept) => kept.replicas)))
    }
    let limit = spec
    for (let i = 0; i < Math.min(syncs, MOST_DOUBLINGS); i++) limit = Math.max(2 * limit, limit + 4)
    return Math.min(replicas, limit)
  }

  private recommend(observation: PolicyObservation, spec: number): number | null {
    const { ready, pending } = observation
    const { metric, target } = this.options
    const load = metric === 'offered' ? meanDemand : meanProcessed
    const mean = load(observation, this.metricSteps)
    if (mean === null || ready === 0) return null
    const used = mean / (this.setup.terms.capacityPerReplica * ready)
    const value = metric === 'offered' ? used : Math.min(1, used)
    const ratio = value / target
    if (pending.length > 0 && ratio > 1) {
      // Pods that are not ready count as unused when the load asks for more.
      const damped = (value * ready) / (spec * target)
      if (damped < 1 || Math.abs(damped - 1) <= TOLERANCE) return spec
      return Math.max(spec, ceilTolerant(damped * spec))
    }
    return Math.abs(ratio - 1) <= TOLERANCE ? spec : ceilTolerant(ratio * ready)
  }
}
