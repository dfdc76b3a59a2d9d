export { assess } from './assess.ts'
export { inScope } from './contract.ts'
export * from './controller/index.ts'
export { type GroupPlan, planGroup } from './coupled/plan-group.ts'
export { planWorkload, replanLevels } from './coupled/plan-workload.ts'
export { loadSolver, type Solver } from './coupled/solver.ts'
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
export { planHarm } from './harm/plan-harm.ts'
export { heldAgainst } from './held-against.ts'
export { whatHoldsRises } from './held-rise.ts'
export { inverse } from './inverse.ts'
export { batchingModel } from './models/batching/model.ts'
export { latencyAt } from './models/batching/read.ts'
export { learnTime } from './models/learned-time.ts'
export { type NetworkLatency, networkLatency } from './models/network.ts'
export { carbonAt, meanCarbonGPerKwh, meanPriceUsd, priceAt } from './models/price.ts'
export { demandWithin, modelP99Ms } from './models/queue.ts'
export { reworkOf, type SpotCost, type SpotTerms, spotCost } from './models/spot.ts'
export { planPool, replan } from './plan-pool.ts'
export { checkPolicy, isAllowed } from './policy.ts'
export { expectedRegretUsd } from './regret.ts'
export { planRightSize } from './right-size/plan-right-size.ts'
export { checkRules } from './rules/check.ts'
export { isFrozen, windowWords } from './rules/freeze.ts'
export { levelLimits } from './rules/limits.ts'
export { stagesOf } from './rules/moments.ts'
export { monthEndUsd, monthOf } from './rules/month.ts'
export { refusals } from './rules/nearest.ts'
export { rulePoolsOf } from './rules/rule-pools.ts'
export { groupsOf, isShared } from './rules/scope.ts'
export { checkWritten } from './rules/written/check-written.ts'
export { policiesOf } from './rules/written/policies.ts'
export { judgeOfGroup } from './safety/judge-group.ts'
export { type Projected, project, type Wanted } from './safety/project.ts'
export { composeSaga, type SagaDraft, type SagaInput } from './saga/compose.ts'
export { replanSaga, type SetPointChoice } from './saga/replan-saga.ts'
export { allowedWaitSeconds } from './shift/allowed-wait.ts'
export {
  leadingFirst,
  matesOf,
  type Pools,
  poolsAt,
  poolsBeside,
  poolsByWorkload,
  poolsOf,
  poolsOfWorkloads,
} from './store/capacity.ts'
export { createDomain, createOffering, createPool, createPoolIn, listDomains } from './store/catalog.ts'
export { controllerStates } from './store/controller-state.ts'
export { getAdvice } from './store/get-advice.ts'
export { approvalTime, approvalTimes, learnedApproval } from './store/learned.ts'
export { meterPools, type Spend, spendOf } from './store/meter.ts'
export { type PoolObservation, recordObservation } from './store/observation.ts'
export { advanceController, adviceNow, type ControlTurn } from './store/pool-controller.ts'
export { fitDueModel } from './store/pool-model.ts'
export { sizeUseNow } from './store/size-use.ts'
export { updateDomain, updateOffering, updatePool } from './store/update-catalog.ts'
export { waitingWork } from './store/waiting.ts'
