import { latencyAtPeak, riskOver } from '../assess.ts'
import {
  type Action,
  type Assessment,
  type CapacitySnapshot,
  type Effect,
  type PlanInput,
  type Purpose,
  paidOf,
  serves,
} from '../contract.ts'
import { poolsOfInput } from '../judge.ts'
import { isAllowed } from '../policy.ts'
import { momentsOf, stagesOf } from '../rules/moments.ts'
import { rulePoolOf } from '../rules/of-input.ts'
import { judgeOfGroup } from '../safety/judge-group.ts'

/**
 * What a saga costs and does, how sure that is, and every rule held against it. The first input is the one whose
 * proposal it is: risk and latency are its, over all of its pools together; money and carbon are of its pools and of those of others
 * that the saga touches.
 */
export function assessSaga(inputs: readonly PlanInput[], actions: Action[], purpose?: Purpose): Assessment {
  const [input] = inputs
  if (input === undefined) throw new Error('A saga belongs to a workload.')
  const policyResults = judgeOfGroup(inputs)({ actions, ...(purpose ? { purpose } : {}) })
  const effect = effectOfSaga(input, touchedPools(inputs, actions), actions)
  const own = actions.filter(({ workloadId = input.workload.id }) => workloadId === input.workload.id)
  const rises = own.some(({ fromReplicas, toReplicas }) => toReplicas > fromReplicas)
  const falls = own.some(({ fromReplicas, toReplicas }) => toReplicas < fromReplicas)
  return {
    actions,
    effect,
    policyResults,
    // Of a rise, how sure it is that it is needed; of what also takes away, that it will not be missed.
    confidence: rises && !falls ? effect.sloRiskBefore : 1 - effect.sloRiskAfter,
    allowed: isAllowed(policyResults),
  }
}

/** All pools of the first input, and those of the others that are acted on. */
export function touchedPools(inputs: readonly PlanInput[], actions: readonly Action[]): CapacitySnapshot[] {
  const touched = new Set(actions.map(({ poolId }) => poolId))
  return inputs.flatMap((input, i) =>
    poolsOfInput(input).filter(({ poolId }) => i === 0 || touched.has(poolId)),
  )
}

type Lead = (times: { leadTimeP50Seconds: number; leadTimeP90Seconds: number }) => number

function effectOfSaga(
  input: PlanInput,
  pools: readonly CapacitySnapshot[],
  actions: readonly Action[],
): Effect {
  const now = Date.parse(input.now)
  const after = new Map(actions.map(({ poolId, toReplicas }) => [poolId, toReplicas]))
  const ruled = new Map(pools.map((pool) => [pool.poolId, rulePoolOf(pool, input.workload.id, now)]))
  const price = ({ poolId }: CapacitySnapshot) => ruled.get(poolId)?.pricePerHourUsd ?? 0
  const carbon = ({ poolId }: CapacitySnapshot) => ruled.get(poolId)?.carbonGPerHour ?? 0
  const before = (pool: CapacitySnapshot) => pool.desiredReplicas
  const then = (pool: CapacitySnapshot) => after.get(pool.poolId) ?? pool.desiredReplicas
  const sum = (term: (pool: CapacitySnapshot) => number, level: (pool: CapacitySnapshot) => number) =>
    pools.reduce((total, pool) => total + term(pool) * (level(pool) - paidOf(pool).from), 0)
  const own = poolsOfInput(input).filter(serves)
  const units = (level: (pool: CapacitySnapshot) => number) =>
    own.reduce((total, pool) => total + pool.capacityPerReplica * level(pool), 0)
  const inLeading = (capacity: number) => Math.floor(capacity / input.capacity.capacityPerReplica + 1e-9)
  const { ranges } = momentsOf(actions)
  const peaks = ranges.map((range) =>
    sum(price, (pool) => range.get(pool.poolId)?.high ?? pool.desiredReplicas),
  )
  const lead = (seconds: Lead) => (action: Action) => {
    const pool = pools.find(({ poolId }) => poolId === action.poolId)
    if (!pool || action.toReplicas <= action.fromReplicas) return 0
    // Of replicas on nodes, the start alone: what the nodes take is a stage of its own, or over.
    return seconds(pool.offering) - (pool.heldBy ? seconds(pool.heldBy) : 0)
  }
  // Stages wait for each other; within one the slowest rise counts, and what falls takes no time.
  const readyAfter = (seconds: Lead) => {
    const stages = stagesOf(actions).map((stage) => Math.max(0, ...stage.map(lead(seconds))))
    return new Date(now + 1_000 * stages.reduce((total, stage) => total + stage, 0)).toISOString()
  }
  return {
    replicas: then(input.capacity),
    costPerHourUsd: sum(price, then),
    costChangePerHourUsd: sum(price, then) - sum(price, before),
    peakCostPerHourUsd: Math.max(sum(price, before), ...peaks),
    carbonChangeGPerHour: sum(carbon, then) - sum(carbon, before),
    sloRiskBefore: riskOver(input, units(before)),
    sloRiskAfter: riskOver(input, units(then)),
    latencyP99MsBefore: latencyAtPeak(input, inLeading(units(before))),
    latencyP99MsAfter: latencyAtPeak(input, inLeading(units(then))),
    readyAtP50: readyAfter(({ leadTimeP50Seconds }) => leadTimeP50Seconds),
    readyAtP90: readyAfter(({ leadTimeP90Seconds }) => leadTimeP90Seconds),
  }
}
