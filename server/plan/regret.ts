import type { ForecastSnapshot, LeadForecast } from '../forecast/contract.ts'
import { type CapacitySnapshot, type PlanContent, serves } from './contract.ts'

/**
 * What is expected to be lost by never carrying a plan out, in USD over the planning span: the expected cost of doing nothing
 * minus that of acting, both as the plan itself weighs them. A unit of demand that is not served costs p/κ times what serving
 * it would; what is added is paid from its placement, and serves from when it is ready (p90) on:
 *
 *   Σ_t π · (E[(D_t − C₀)⁺] − E[(D_t − C₁(t))⁺]) · hours − Δcost · span
 *
 * Of a fall it is what would be saved minus what may then be short. Only the leading workload's own demand is known to the
 * plan; what others would be short of, for whom it makes room, is not counted. Work that waits for a better hour is not short.
 */
export function expectedRegretUsd(content: PlanContent): number {
  const { evidence, effect } = content
  const spanHours = evidence.planningSpanSeconds / 3_600
  const saved = -effect.costChangePerHourUsd * spanHours
  const unitUsd = unitPriceUsd(evidence.capacity) * evidence.policy.penaltyRatio
  return saved + unitUsd * shortUnitHoursSaved(content)
}

/** Unit-hours of demand that the plan is expected to serve and nothing would not; negative where it takes away. */
function shortUnitHoursSaved({ actions, direction, purpose, evidence, effect }: PlanContent): number {
  if (purpose === 'shift' && direction === 'down') return 0
  const { forecast, harm, planningSpanSeconds } = evidence
  const planned = new Map(actions.map(({ poolId, toReplicas }) => [poolId, toReplicas]))
  // A loop takes its share of what serves for as long as nobody stops it.
  const before = served(evidence, ({ desiredReplicas }) => desiredReplicas) - (harm?.excess ?? 0)
  const after = served(evidence, (pool) => planned.get(pool.poolId) ?? pool.desiredReplicas)
  const end = Date.parse(forecast.origin) + planningSpanSeconds * 1_000
  const inSpan = forecast.leads.filter(({ at }) => Date.parse(at) <= end)
  const leads = inSpan.length > 0 ? inSpan : forecast.leads.slice(0, 1)
  const ready = after > before ? Date.parse(effect.readyAtP90) : Number.NEGATIVE_INFINITY
  return (
    leads
      .filter(({ at }) => Date.parse(at) >= ready)
      .reduce(
        (sum, lead) => sum + expectedExcess(forecast, lead, before) - expectedExcess(forecast, lead, after),
        0,
      ) *
    (forecast.stepSeconds / 3_600)
  )
}

/** Units of demand that the leading workload's own pools serve at given levels. */
function served(
  { capacity, otherPools = [] }: PlanContent['evidence'],
  levelOf: (pool: CapacitySnapshot) => number,
): number {
  const own = (pool: CapacitySnapshot) =>
    serves(pool) && (pool.workloadId === undefined || pool.workloadId === capacity.workloadId)
  return [capacity, ...otherPools]
    .filter(own)
    .reduce((sum, pool) => sum + levelOf(pool) * pool.capacityPerReplica, 0)
}

/** USD per unit of demand and hour at a pool. */
function unitPriceUsd({ offering, capacityPerReplica }: CapacitySnapshot): number {
  return offering.pricePerReplicaHourUsd / capacityPerReplica
}

/** E[(D − c)⁺] of demand D: the quantile function is linear between its levels and constant beyond the outermost. */
export function expectedExcess(
  { levels }: Pick<ForecastSnapshot, 'levels'>,
  { values }: Pick<LeadForecast, 'values'>,
  c: number,
): number {
  const above = (value: number | undefined) => Math.max(0, (value ?? 0) - c)
  let sum = (levels[0] ?? 1) * above(values[0]) + (1 - (levels.at(-1) ?? 0)) * above(values.at(-1))
  for (let i = 1; i < levels.length; i++) {
    const [low, high] = [(values[i - 1] ?? 0) - c, (values[i] ?? 0) - c]
    if (high <= 0) continue
    const width = (levels[i] ?? 0) - (levels[i - 1] ?? 0)
    // Where the line passes zero, a triangle is left of it.
    sum += low >= 0 ? (width * (low + high)) / 2 : (width * high * high) / (2 * (high - low))
  }
  return sum
}
