import {
  type CapacityPolicy,
  ceilTolerant,
  floorTolerant,
  type PolicyObservation,
  type PolicySetup,
  stepsIn,
  turnsAt,
} from '../../../plan/index.ts'
import { meanDemand } from './recent.ts'

const TICK_SECONDS = 2
const STABLE_SECONDS = 60
const PANIC_SECONDS = 6
const PANIC_THRESHOLD = 2
const MOST_HALVINGS = 30
const FASTEST_RISE = 1000

/** The Knative pod autoscaler on requests per second, with its defaults but for scaling to zero. */
export class Kpa implements CapacityPolicy {
  private readonly setup: PolicySetup
  /** Time of the last overload while panicking; null while stable. */
  private panicAt: number | null
  private panicReplicas: number

  constructor(setup: PolicySetup) {
    this.setup = setup
    this.panicAt = setup.initialReplicas > 1 ? 0 : null
    this.panicReplicas = setup.initialReplicas > 1 ? setup.initialReplicas : 0
  }

  decide(observation: PolicyObservation): number | null {
    const { terms, targetUtilisation } = this.setup
    const { stepSeconds } = terms
    const at = observation.step * stepSeconds
    const ticks = turnsAt(observation.step, stepSeconds, TICK_SECONDS)
    const mean = (seconds: number) => meanDemand(observation, Math.max(1, stepsIn(seconds, stepSeconds)))
    const [stable, panic] = [mean(STABLE_SECONDS), mean(PANIC_SECONDS)]
    if (ticks === 0 || stable === null || panic === null) return null
    const now = Math.max(1, observation.ready)
    const target = targetUtilisation * terms.capacityPerReplica
    const lowest = floorTolerant(now / 2 ** Math.min(ticks, MOST_HALVINGS))
    const clamp = (replicas: number) => Math.min(FASTEST_RISE * now, Math.max(lowest, replicas))
    const [stableReplicas, panicReplicas] = [ceilTolerant(stable / target), ceilTolerant(panic / target)]
    if (panicReplicas / now >= PANIC_THRESHOLD) {
      this.panicAt = at
    } else if (this.panicAt !== null && this.panicAt + STABLE_SECONDS < at) {
      this.panicAt = null
      this.panicReplicas = 0
    }
    if (this.panicAt === null) return clamp(stableReplicas)
    this.panicReplicas = Math.max(this.panicReplicas, clamp(stableReplicas), clamp(panicReplicas))
    return this.panicReplicas
  }
}
