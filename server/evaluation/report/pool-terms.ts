import type { CapacitySnapshot, PolicyInForce } from '../../plan/contract.ts'
import {
  LatencyModel,
  type LatencyTerms,
  meanCarbonGPerKwh,
  meanPriceUsd,
  type PoolTerms,
} from '../../plan/index.ts'
import type { ReplayTerms } from '../contract.ts'
import { normalQuantile } from '../normal.ts'

/** Of a pool, what does not change from one observation to the next. */
export type ReplayedPool = Pick<
  CapacitySnapshot,
  'poolId' | 'domain' | 'offering' | 'capacityPerReplica' | 'model'
>

/** What the pool of a workload is held to when its past is replayed. */
export type ReplayPool = {
  pool: ReplayedPool
  policy: PolicyInForce
  objectiveP99Ms: number
  unit: string
}

/** A window: when it begins, its steps, and the mean demand in it. */
export type ReplaySpan = { fromMs: number; steps: number; stepSeconds: number; meanDemand: number }

/** Utilisation that the objective allows, where no model of the pool says. */
const USUAL_UTILISATION = 0.85
const LEAST_UTILISATION = 0.3
const BISECTIONS = 30
/** Levels between which a lead time is drawn, and how many quantiles describe them. */
const LEAD_LEVELS = [0.05, 0.95] as const
const LEAD_QUANTILES = 19
const DEVIATION_90 = normalQuantile(0.9)
const SEED = 1

/** The terms in words and numbers for people. */
export function shownTerms(replayed: ReplayPool, span: ReplaySpan): ReplayTerms {
  const { pool, policy, objectiveP99Ms, unit } = replayed
  const { domain, offering } = pool
  const seconds = span.steps * span.stepSeconds
  const serving = servingOf(pool, objectiveP99Ms)
  const full = serving.capacityPerReplica
  return {
    poolId: pool.poolId,
    domainTitle: domain.title,
    hardwareClass: offering.hardwareClass,
    capacityPerReplica: full * Math.min(pool.capacityPerReplica / full, busiestWithin(replayed, span)),
    fullCapacityPerReplica: full,
    unit,
    pricePerReplicaHourUsd: meanPriceUsd(offering, span.fromMs, seconds),
    penaltyRatio: policy.penaltyRatio,
    objectiveP99Ms,
    minReplicas: Math.max(1, policy.minReplicas),
    maxReplicas: Math.max(1, policy.minReplicas, Math.min(policy.maxReplicas, offering.quotaReplicas)),
    leadTimeP50Seconds: offering.leadTimeP50Seconds,
    leadTimeP90Seconds: offering.leadTimeP90Seconds,
    approvalLeadSeconds: policy.approvalLeadSeconds,
    powerKw: offering.powerKw,
    carbonGPerKwh: meanCarbonGPerKwh(domain, span.fromMs, seconds),
  }
}

/**
 * The same for the simulation. What a replica serves within the objective, over what it serves when busy all the time, is
 * the utilisation up to which it counts against shortfall, so that cost and objective mean the same.
 */
export function simulatedTerms(replayed: ReplayPool, span: ReplaySpan): PoolTerms & LatencyTerms {
  const shown = shownTerms(replayed, span)
  return {
    stepSeconds: span.stepSeconds,
    ...servingOf(replayed.pool, shown.objectiveP99Ms),
    shortfallUtilisation: shown.capacityPerReplica / shown.fullCapacityPerReplica,
    sloP99Seconds: shown.objectiveP99Ms / 1_000,
    minReplicas: shown.minReplicas,
    maxReplicas: shown.maxReplicas,
    pricePerReplicaHour: shown.pricePerReplicaHourUsd,
    penaltyPerReplicaHourShort: shown.pricePerReplicaHourUsd * shown.penaltyRatio,
    leadTimeSeconds: leadQuantiles(shown.leadTimeP50Seconds, shown.leadTimeP90Seconds),
    leadSeed: SEED,
    approvalDelaySeconds: shown.approvalLeadSeconds,
    removeDelaySeconds: 0,
    startCost: 0,
    removeCost: 0,
  }
}

/** The highest utilisation that keeps the objective, at as many replicas as mean demand asks for; at least `LEAST_UTILISATION`. */
function busiestWithin(
  { pool, objectiveP99Ms }: ReplayPool,
  { stepSeconds, meanDemand }: ReplaySpan,
): number {
  const serving = servingOf(pool, objectiveP99Ms)
  const model = new LatencyModel({ ...serving, stepSeconds, sloP99Seconds: objectiveP99Ms / 1_000 })
  const ready = Math.max(1, Math.ceil(meanDemand / (serving.capacityPerReplica * USUAL_UTILISATION)))
  let [low, high] = [LEAST_UTILISATION, 1]
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2
    const demand = middle * ready * serving.capacityPerReplica
    if (model.violates(model.p99Seconds({ demand, ready, backlogBefore: 0, backlog: 0 }))) high = middle
    else low = middle
  }
  return low
}

type ServingTerms = Pick<
  LatencyTerms,
  'capacityPerReplica' | 'serviceTimeSeconds' | 'arrivalScv' | 'serviceScv'
>

/** From the model of the pool where there is one; else half the objective is taken as service time. */
function servingOf({ capacityPerReplica, model }: ReplayedPool, objectiveP99Ms: number): ServingTerms {
  if (model?.kind === 'queue') {
    const { serviceSeconds, variability } = model
    return {
      capacityPerReplica: model.capacityPerReplica,
      serviceTimeSeconds: serviceSeconds,
      arrivalScv: variability,
      serviceScv: variability,
    }
  }
  const saturated = model?.kind === 'batching' ? model.saturatedRequestsPerSecond : 0
  const idle = model?.kind === 'batching' ? model.points[0] : undefined
  return {
    capacityPerReplica: saturated > 0 ? saturated : capacityPerReplica / USUAL_UTILISATION,
    serviceTimeSeconds: (idle?.endToEndP50Ms ?? objectiveP99Ms / 2) / 1_000,
    arrivalScv: 1,
    serviceScv: 1,
  }
}

/** Quantiles of a log-normal lead time through its median and its 90% quantile; a number where these are the same. */
function leadQuantiles(p50: number, p90: number): number | number[] {
  if (p50 <= 0 || p90 <= p50) return p90
  const spread = Math.log(p90 / p50) / DEVIATION_90
  const [low, high] = LEAD_LEVELS
  return Array.from({ length: LEAD_QUANTILES }, (_, i) => {
    const level = low + ((high - low) * i) / (LEAD_QUANTILES - 1)
    return p50 * Math.exp(spread * normalQuantile(level))
  })
}
