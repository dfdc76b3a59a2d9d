import { erfc } from './erfc.ts'
import { floorTolerant } from './rounding.ts'

/** Share of requests beyond which waiting is measured, and the normal deviation that leaves half of it on each side. */
const TAIL = 0.01
const NORMAL_995 = 2.5758293035489004
/** p99 where nothing serves and something waits. */
const NEVER_SECONDS = 1e6
const SLO_TOLERANCE = 1e-12

/** What the latency of a pool depends on beside demand and replicas. */
export type LatencyTerms = {
  /** Units per second of one ready replica at 100 %. */
  capacityPerReplica: number
  serviceTimeSeconds: number
  /** Squared coefficients of variation of arrivals and service; 1 for Poisson and exponential. */
  arrivalScv: number
  serviceScv: number
  /** Limit on p99 of waiting plus mean service time. */
  sloP99Seconds: number
  /** How long one demand lasts; `Infinity` gives the settled queue. */
  stepSeconds: number
}

/** Demand and backlog of one step, with the replicas that serve it. */
export type LatencyStep = {
  /** Units per second. */
  demand: number
  ready: number
  /** Units that wait before and after the step. */
  backlogBefore: number
  backlog: number
}

/**
 * Waiting and mean service time of a pool in one step. A replica has `slots` servers; the wait is that of the fluid
 * backlog plus a stochastic tail: Sakasegawa's Erlang C with the Allen–Cunneen mean of the conditional wait (Sakasegawa
 * 1977; Allen 1990, eq. 5.15), bounded by reflected Brownian motion started empty, which is what one step can build up.
 */
export class LatencyModel {
  readonly sloP99Seconds: number
  /** Mean service time such that `slots` servers have exactly the replica's capacity. */
  readonly serviceSeconds: number
  private readonly slots: number
  private readonly capacityPerReplica: number
  private readonly variability: number
  private readonly stepSeconds: number

  constructor(terms: LatencyTerms) {
    this.capacityPerReplica = terms.capacityPerReplica
    this.slots = Math.max(1, floorTolerant(terms.capacityPerReplica * terms.serviceTimeSeconds + 0.5))
    this.serviceSeconds = this.slots / terms.capacityPerReplica
    this.variability = (terms.arrivalScv + terms.serviceScv) / 2
    this.stepSeconds = terms.stepSeconds
    this.sloP99Seconds = terms.sloP99Seconds
  }

  /** p99 of waiting plus mean service time, in seconds; `Infinity` where a settled queue is asked for and there is none. */
  p99Seconds(step: LatencyStep): number {
    const { demand, ready } = step
    if (ready <= 0) return demand > 0 || step.backlog > 0 ? NEVER_SECONDS : this.serviceSeconds
    return this.serviceSeconds + this.fluidWait(step) + this.stochasticWait99(demand, ready)
  }

  /** Share of the step's requests whose wait plus mean service time is beyond the objective. */
  lateShare(step: LatencyStep): number {
    const { demand, ready } = step
    if (ready <= 0) return demand > 0 || step.backlog > 0 ? 1 : 0
    const left = this.sloP99Seconds - this.serviceSeconds - this.fluidWait(step)
    return left <= 0 ? 1 : this.waitBeyond(left, demand, ready)
  }

  violates(p99Seconds: number): boolean {
    return p99Seconds > this.sloP99Seconds * (1 + SLO_TOLERANCE)
  }

  /** Fewest replicas in [min, max] that keep the objective at `demand` from an empty queue; `max` if none do. */
  replicasFor(demand: number, min: number, max: number): number {
    let low = min
    let high = max
    while (low < high) {
      const ready = Math.floor((low + high) / 2)
      const backlog = Math.max(0, demand - ready * this.capacityPerReplica) * this.stepSeconds
      if (this.violates(this.p99Seconds({ demand, ready, backlogBefore: 0, backlog }))) low = ready + 1
      else high = ready
    }
    return low
  }

  private fluidWait({ ready, backlogBefore, backlog }: LatencyStep): number {
    return Math.max(backlogBefore, backlog) / (ready * this.capacityPerReplica)
  }

  /** 99% quantile of the stochastic wait. */
  private stochasticWait99(demand: number, ready: number): number {
    if (demand <= 0) return 0
    const built = NORMAL_995 * this.brownianScale(demand, ready)
    const utilisation = demand / (ready * this.capacityPerReplica)
    if (!(utilisation < 1)) return built
    const settled = Math.log(this.waitProbability(utilisation, ready) / TAIL) / this.decay(utilisation, ready)
    return Math.min(Math.max(0, settled), built)
  }

  /** P(W > t), t ≥ 0. */
  private waitBeyond(t: number, demand: number, ready: number): number {
    if (demand <= 0) return 0
    const built = erfc(t / (this.brownianScale(demand, ready) * Math.SQRT2))
    const utilisation = demand / (ready * this.capacityPerReplica)
    if (!(utilisation < 1)) return built
    const settled = this.waitProbability(utilisation, ready) * Math.exp(-this.decay(utilisation, ready) * t)
    return Math.min(settled, built)
  }

  private waitProbability(utilisation: number, ready: number): number {
    return utilisation ** (Math.sqrt(2 * (ready * this.slots + 1)) - 1)
  }

  private decay(utilisation: number, ready: number): number {
    return (ready * this.slots * (1 - utilisation)) / (this.serviceSeconds * this.variability)
  }

  private brownianScale(demand: number, ready: number): number {
    return Math.sqrt(2 * this.variability * demand * this.stepSeconds) / (ready * this.capacityPerReplica)
  }
}

/** p99 of the settled queue in milliseconds; null where demand reaches capacity and no queue settles. */
export function settledP99Ms(
  terms: Omit<LatencyTerms, 'stepSeconds'>,
  demand: number,
  ready: number,
): number | null {
  if (demand > 0 && ready <= 0) return null
  const model = new LatencyModel({ ...terms, stepSeconds: Number.POSITIVE_INFINITY })
  const seconds = model.p99Seconds({ demand, ready, backlogBefore: 0, backlog: 0 })
  return Number.isFinite(seconds) ? seconds * 1_000 : null
}
