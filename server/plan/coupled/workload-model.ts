import { quantileAt } from '../../forecast/index.ts'
import { servedQuantile } from '../base-stock.ts'
import { type CapacitySnapshot, listedPriceUsd, type PlanInput, paidOf, serves } from '../contract.ts'
import { poolsOfInput } from '../judge.ts'
import { networkLatency } from '../models/network.ts'
import { meanCarbonGPerKwh, meanPriceUsd } from '../models/price.ts'
import { reworkOf, spotCost } from '../models/spot.ts'
import { usd } from '../rules/words.ts'
import { coupledSpanSeconds, demandCases } from './cases.ts'
import { poolLimits } from './limits.ts'
import type { Choice, Member, Rule } from './problem.ts'

/** Which way a workload's capacity may go now. */
export type Freedom = {
  /** null: pools may fall. Otherwise why none may. */
  keep: string | null
  /** Whether capacity may grow as a whole, not only move. */
  grow: boolean
  /** Whether it may give to others what it will need itself, if they are shorter of it. */
  gives?: boolean
}

/** One workload as a member of a programme, with the pools that its choices stand for, and its own rules. */
export type WorkloadModel = { input: PlanInput; pools: CapacitySnapshot[]; member: Member; rules: OwnRule[] }

/** A rule of one member: coefficients by choice. */
export type OwnRule = Omit<Rule, 'terms'> & { coefficients: number[] }

/**
 * A request that spends all of its objective on the way to a place counts this share of one that is short: nearer places
 * are worth paying for, by less than shortfall costs.
 */
const latencyShare = 0.1

/** The network may take up this share of the objective; the rest is for waiting and service. */
const networkBudget = 0.5

/** `rentUsd`: per hour, by hardware class, what others that share it rent it at; it is what a replica there is worth. */
export function workloadModel(
  input: PlanInput,
  freedom: Freedom,
  rentUsd: ReadonlyMap<string, number> = new Map(),
): WorkloadModel {
  const pools = poolsOfInput(input).filter(serves)
  const penaltyUsd = penaltyPerUnitHour(input, pools, rentUsd)
  const limits = poolLimits(input, pools)
  const choices = pools.map((pool, i): Choice => {
    const { lower, upper } = limits[i] ?? { lower: pool.desiredReplicas, upper: pool.desiredReplicas }
    return {
      current: pool.desiredReplicas,
      lower: freedom.keep === null ? lower : pool.desiredReplicas,
      upper: isReachable(input, pool) ? upper : Math.min(upper, pool.desiredReplicas),
      ...costsOf(input, pool, pools, penaltyUsd),
      stopUsd: 0,
    }
  })
  const member = {
    id: input.workload.id,
    choices,
    cases: demandCases(input, pools, penaltyUsd, freedom.keep !== null),
  }
  return { input, pools, member, rules: ownRules(input, pools, freedom) }
}

/**
 * USD per unit of demand that is short for an hour: the policy's ratio times what a unit costs at the leading pool or,
 * where that is no on-demand capacity, at the cheapest that is: a cheap owned pool does not make a shortfall cheap. Of a workload that rents
 * nothing, what others rent the same hardware at.
 */
export function penaltyPerUnitHour(
  input: PlanInput,
  pools: readonly CapacitySnapshot[],
  rentUsd: ReadonlyMap<string, number> = new Map(),
): number {
  const unitUsd = (pool: CapacitySnapshot) => listedPriceUsd(pool) / pool.capacityPerReplica
  const worth = (pool: CapacitySnapshot) =>
    Math.max(unitUsd(pool), (rentUsd.get(pool.offering.hardwareClass) ?? 0) / pool.capacityPerReplica)
  const rented = pools.filter(
    ({ offering }) => offering.market === 'on_demand' && offering.kind !== 'serverless',
  )
  const leads = rented.find(({ poolId }) => poolId === input.capacity.poolId)
  const unit = leads
    ? unitUsd(leads)
    : Math.min(...(rented.length > 0 ? rented.map(unitUsd) : [worth(input.capacity)]))
  return input.policy.penaltyRatio * unit
}

/** What a replica costs per hour of the span, and what it costs to start one, spread over the hours that the forecast sees. */
function costsOf(
  input: PlanInput,
  pool: CapacitySnapshot,
  pools: readonly CapacitySnapshot[],
  penaltyUsd: number,
): Pick<Choice, 'costUsd' | 'startUsd'> {
  const { offering, domain, capacityPerReplica } = pool
  const from = Date.parse(input.now)
  const span = coupledSpanSeconds(input, pools)
  const relative = listedPriceUsd(pool) / offering.pricePerReplicaHourUsd
  const listed = meanPriceUsd(offering, from, span) * relative
  const { pricePerUsefulHourUsd } = spotCost({
    pricePerReplicaHourUsd: listed,
    interruptionRatePerHour: offering.market === 'spot' ? (offering.interruptionRatePerHour ?? 0) : 0,
    reworkSeconds: reworkOf(input.workload).seconds,
    leadTimeSeconds: offering.leadTimeP50Seconds,
  })
  const requestsUsd = ((offering.pricePerMillionRequestsUsd ?? 0) * capacityPerReplica * 3_600) / 1e6
  const emitsG = offering.powerKw * paidOf(pool).share * meanCarbonGPerKwh(domain, from, span)
  const carbonUsd = (input.policy.carbonPriceUsdPerKg * emitsG) / 1_000
  const network = networkLatency(domain.userLatencyMs, input.workload.userShares ?? {})
  const latency = (network?.meanMs ?? 0) / input.workload.objectiveP99Ms
  const latencyUsd = latencyShare * latency * penaltyUsd * capacityPerReplica
  const seenHours = Math.max(span, input.forecast.leads.length * input.forecast.stepSeconds) / 3_600
  return {
    costUsd: pricePerUsefulHourUsd + requestsUsd + carbonUsd + latencyUsd,
    startUsd: (listed * offering.leadTimeP50Seconds) / 3_600 / seenHours,
  }
}

/** Whether the way to a place leaves enough of the objective for waiting and service. */
function isReachable({ workload }: PlanInput, { domain }: CapacitySnapshot): boolean {
  const network = networkLatency(domain.userLatencyMs, workload.userShares ?? {})
  return network === null || network.p99Ms <= networkBudget * workload.objectiveP99Ms
}

function ownRules(input: PlanInput, pools: readonly CapacitySnapshot[], freedom: Freedom): OwnRule[] {
  const { policy, workload } = input
  const none = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY }
  const units = pools.map(({ capacityPerReplica }) => capacityPerReplica)
  const one = pools.map(() => 1)
  const present = pools.reduce((sum, pool) => sum + pool.capacityPerReplica * pool.desiredReplicas, 0)
  const of = `of ${workload.name}`
  const rules: OwnRule[] = [
    {
      ...none,
      words: `the minimum of ${policy.minReplicas} replicas ${of}`,
      lower: policy.minReplicas,
      coefficients: one,
    },
    {
      ...none,
      words: `the maximum of ${policy.maxReplicas} replicas ${of}`,
      upper: policy.maxReplicas,
      coefficients: one,
    },
    {
      ...none,
      words: `the cost limit of ${usd(policy.costLimitPerHourUsd)}/h ${of}`,
      upper: policy.costLimitPerHourUsd,
      coefficients: pools.map(listedPriceUsd),
    },
  ]
  if (freedom.gives !== true) {
    const lower = Math.min(present, neededLater(input))
    rules.push({ ...none, words: `what the whole forecast ${of} needs`, lower, coefficients: units })
  }
  if (freedom.grow) return rules
  // A move may round up by less than one replica of the coarsest pool.
  const rounding = Math.max(0, ...units)
  const upper = present + rounding * (1 - 1e-6)
  return [...rules, { ...none, words: `the capacity ${of} without a surge`, upper, coefficients: units }]
}

/** What is given back must not be asked for at once: the served quantile at its highest over the whole horizon. */
function neededLater(input: PlanInput): number {
  const { leads, own = [], levels } = input.forecast
  const quantile = servedQuantile(input)
  return Math.max(0, ...[...leads, ...own].map(({ values }) => quantileAt(levels, values, quantile)))
}
