import { quantileAt } from '../../forecast/index.ts'
import {
  type Action,
  type CapacitySnapshot,
  type PlanFigures,
  type PlanInput,
  paidOf,
  type RulePool,
  type RuleWorld,
  serves,
} from '../contract.ts'
import { carbonAt, priceAt } from '../models/price.ts'
import { leadsInSpan, planningSpanSeconds } from '../timing.ts'

/** A pool as rules see it at a moment (milliseconds since the epoch), with the price and the power of its hour. */
export function rulePoolOf(pool: CapacitySnapshot, workloadId: string, atMs: number): RulePool {
  const { domain, offering, control = 'replicas' } = pool
  const { share, from } = paidOf(pool)
  return {
    poolId: pool.poolId,
    workloadId: pool.workloadId ?? workloadId,
    place: placeOf(pool),
    control,
    market: offering.market,
    jurisdiction: domain.jurisdiction,
    securityTier: domain.securityTier,
    pricePerHourUsd: priceAt(offering, atMs) * share,
    carbonGPerHour: offering.powerKw * carbonAt(domain, atMs) * share,
    capacity: serves(pool) ? pool.capacityPerReplica : 0,
    level: pool.desiredReplicas,
    ...(from === 0 ? {} : { paidFrom: from }),
    maxLevel: offering.quotaReplicas,
  }
}

/** "aster-eu-west, L40S, spot" */
export function placeOf({ domain, offering }: CapacitySnapshot): string {
  const market = offering.market.replace('_', ' ')
  return `${domain.name}, ${offering.hardwareClass}, ${market}`
}

/** What actions change of pools, place by place. */
export function levelsOf(
  pools: readonly CapacitySnapshot[],
  actions: readonly Action[],
): PlanFigures['levels'] {
  return actions.map(({ poolId, fromReplicas, toReplicas, domainName }) => {
    const pool = pools.find((one) => one.poolId === poolId)
    return { poolId, place: pool ? placeOf(pool) : domainName, fromReplicas, toReplicas }
  })
}

/** The world of the input's rules, with its own pools and demand as the plan sees them; null where none are published. */
export function ruleWorldOf(input: PlanInput): RuleWorld | null {
  const { rules, workload, capacity, otherPools, forecast } = input
  if (!rules || rules.ruleSet.rules.length === 0) return null
  const own = [capacity, ...otherPools].map((pool) => rulePoolOf(pool, workload.id, Date.parse(input.now)))
  const ids = new Set(own.map(({ poolId }) => poolId))
  const peak = Math.max(
    0,
    ...leadsInSpan(input).map(({ values }) => quantileAt(forecast.levels, values, 0.5)),
  )
  return {
    ...rules,
    now: input.now,
    spanSeconds: planningSpanSeconds(input),
    pools: [...rules.pools.filter(({ poolId }) => !ids.has(poolId)), ...own],
    workloads: rules.workloads.map((one) =>
      one.id === workload.id ? { ...one, demandPerSecond: peak } : one,
    ),
  }
}
