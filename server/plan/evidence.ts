import { quantileAt, type Surge } from '../forecast/index.ts'
import { servedQuantile } from './base-stock.ts'
import { type CapacitySnapshot, type PlanContent, type PlanInput, priceTermsOf } from './contract.ts'
import { approvalLeadSeconds, leadsInSpan, plannedLead, planningSpanSeconds } from './timing.ts'

/** What a plan was made from; `pools`: the leading one, and the others that it touches or that share the demand. */
export function evidenceOf(
  input: PlanInput,
  surge: Surge | null,
  pools: readonly CapacitySnapshot[],
): PlanContent['evidence'] {
  const { capacity, policy, forecast, rules } = input
  const quantile = servedQuantile(input)
  const demands = leadsInSpan(input).map(({ values }) => quantileAt(forecast.levels, values, quantile))
  const others = pools.filter(({ poolId }) => poolId !== capacity.poolId)
  const offerings = new Map(pools.map(({ offering }) => [offering.id, offering]))
  return {
    forecast,
    surge,
    capacity,
    ...(others.length > 0 ? { otherPools: others } : {}),
    policy,
    ...(rules && rules.ruleSet.version > 0 ? { ruleSetVersion: rules.ruleSet.version } : {}),
    prices: [...offerings.values()].map(priceTermsOf),
    objectiveP99Ms: input.workload.objectiveP99Ms,
    servedQuantile: quantile,
    demandAtQuantile: Math.max(0, ...demands),
    provisioningLeadSeconds: capacity.offering.leadTimeP90Seconds,
    approvalLeadSeconds: approvalLeadSeconds(input),
    ...(input.approval ? { approval: input.approval } : {}),
    ...(input.controller ? { controller: input.controller } : {}),
    planningSpanSeconds: planningSpanSeconds(input),
    plannedLead: plannedLead(input),
  }
}
