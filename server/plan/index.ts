export { assess } from './assess.ts'
export { accountStep, type StepAccount, type StepCounts, totalCostOf } from './dynamics/account.ts'
export {
  type CapacityPolicy,
  isControlStep,
  type PastDemand,
  type PolicyObservation,
  type PolicySetup,
} from './dynamics/capacity-policy.ts'
export { LatencyModel, type LatencyStep, type LatencyTerms, settledP99Ms } from './dynamics/latency.ts'
export { type PendingOrder, PoolDynamics, type PoolState } from './dynamics/pool-dynamics.ts'
export { ceilTolerant, floorTolerant } from './dynamics/rounding.ts'
export { leadSeconds, longestStepsToReady, type PoolTerms, stepsIn, stepsToReady } from './dynamics/terms.ts'
export { inverse } from './inverse.ts'
export { batchingModel } from './models/batching/model.ts'
export { latencyAt } from './models/batching/read.ts'
export { learnTime } from './models/learned-time.ts'
export { type NetworkLatency, networkLatency } from './models/network.ts'
export { carbonAt, meanCarbonGPerKwh, meanPriceUsd, priceAt } from './models/price.ts'
export { reworkOf, type SpotCost, type SpotTerms, spotCost } from './models/spot.ts'
export { planPool, replan } from './plan-pool.ts'
export { checkPolicy, isAllowed } from './policy.ts'
export { checkRules, ruleBook } from './rules/check.ts'
export { complianceOf, priceOf } from './rules/compliance.ts'
export { levelLimits } from './rules/limits.ts'
export { hoursLeftOfMonth, monthEndUsd, monthOf } from './rules/month.ts'
export { conflictOf, nearest, refusals } from './rules/nearest.ts'
export { placeOf, rulePoolOf, ruleWorldOf } from './rules/of-input.ts'
export { groupsOf, inScope, isShared, scopeWords } from './rules/scope.ts'
export { leadingFirst, type Pools, poolsAt, poolsOf } from './store/capacity.ts'
export { createDomain, createOffering, createPool, listDomains } from './store/catalog.ts'
export { recordObservation } from './store/observation.ts'
export { updateDomain, updateOffering, updatePool } from './store/update-catalog.ts'
