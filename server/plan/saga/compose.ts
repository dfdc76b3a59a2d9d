import { latencyAtPeak, riskOver } from '../assess.ts'
import type {
  Action,
  Alternative,
  Assessment,
  CapacitySnapshot,
  Direction,
  Effect,
  PlanContent,
  PlanInput,
  Purpose,
} from '../contract.ts'
import { inverse } from '../inverse.ts'
import { poolsOfInput } from '../judge.ts'
import { priceTermsOf } from '../models/price.ts'
import { replan } from '../plan-pool.ts'
import { isAllowed } from '../policy.ts'
import { stagesOf } from '../rules/moments.ts'
import { judgeOfGroup } from '../safety/judge-group.ts'
import { peakCostPerHourUsd } from './peak.ts'
import { levelsAfter, type SagaInput, servingPools, stepTermsAt, sumOver } from './pools.ts'

/** What belongs together, before it is judged. Actions name their pools; what they lead from is what is observed now. */
export type SagaDraft = {
  purpose: Purpose
  direction: Direction
  actions: Action[]
  /** Beside "Do nothing", which is always there. */
  alternatives?: Pick<Alternative, 'kind' | 'label' | 'actions'>[]
  summary: string
  reasons: string[]
  actBy: string
  expiresAt: string
  /** Why a job is stopped; what it takes of the capacity counts until it is. */
  harm?: PlanContent['evidence']['harm']
}

/**
 * Puts a plan of several actions together: what they do over all touched pools, the parallel peak, every bound of every
 * touched workload and every published rule held against it, and what takes it back. An action that would leave its pool as
 * it is, is left out.
 * @throws Error for two actions on one target, or one on a pool that the input does not have
 */
export function composeSaga(input: SagaInput, draft: SagaDraft): PlanContent {
  const { own } = input
  const { harm, ...said } = draft
  const assessment = assessSaga(input, draft)
  const base = replan(own, own.capacity.desiredReplicas)
  const inputs = touchedInputs(input, assessment.actions)
  const others = inputs.flatMap(poolsOfInput).filter(({ poolId }) => poolId !== own.capacity.poolId)
  const nothing = { kind: 'do-nothing', label: 'Do nothing', actions: [] } as const
  return {
    ...base,
    ...said,
    ...assessment,
    inverse: inverse(assessment.actions),
    alternatives: [nothing, ...(draft.alternatives ?? [])].map(({ kind, label, actions }) => {
      return { kind, label, ...assessSaga(input, { ...draft, actions: [...actions] }) }
    }),
    evidence: {
      ...base.evidence,
      ...(harm ? { harm } : {}),
      otherPools: others,
      otherPolicies: inputs
        .slice(1)
        .map(({ workload, policy }) => ({ workloadId: workload.id, version: policy.version })),
      prices: pricesOf([own.capacity, ...others]),
    },
  }
}

/** What a set of actions does and costs, how sure that is, and every bound and rule held against it. */
export function assessSaga(
  input: SagaInput,
  draft: Pick<SagaDraft, 'purpose' | 'direction' | 'actions' | 'harm'>,
): Assessment {
  const { purpose, direction, harm } = draft
  const actions = grounded(input, draft.actions)
  const inputs = touchedInputs(input, actions)
  const policyResults = judgeOfGroup(inputs)({ actions, purpose })
  const effect = effectOf(input.own, inputs.flatMap(poolsOfInput), actions, harm?.excess ?? 0)
  return {
    actions,
    effect,
    policyResults,
    confidence:
      harm?.excessFailedShare ?? (direction === 'up' ? effect.sloRiskBefore : 1 - effect.sloRiskAfter),
    allowed: isAllowed(policyResults),
  }
}

function touchedInputs({ own, others }: SagaInput, actions: readonly Action[]): PlanInput[] {
  const touched = new Set(actions.map(({ poolId }) => poolId))
  return [own, ...others.filter((one) => poolsOfInput(one).some(({ poolId }) => touched.has(poolId)))]
}

function grounded({ own, others }: SagaInput, actions: readonly Action[]): Action[] {
  const targets = new Set<string>()
  return actions.flatMap((action) => {
    const owner = [own, ...others].find((one) =>
      poolsOfInput(one).some(({ poolId }) => poolId === action.poolId),
    )
    const pool = owner && poolsOfInput(owner).find(({ poolId }) => poolId === action.poolId)
    if (!pool) throw new Error(`The plan has an action on the pool ${action.poolId}, which is not known.`)
    if (targets.has(action.targetId))
      throw new Error(`The plan has two actions on "${action.targetName}"; one target takes one.`)
    targets.add(action.targetId)
    const fromReplicas = pool.desiredReplicas
    if (action.toReplicas === fromReplicas) return []
    return [{ ...action, workloadId: owner.workload.id, fromReplicas }]
  })
}

/** Cost and carbon of all touched workloads; risk and latency of the saga's own. `excess`: what a loop takes until it is stopped. */
function effectOf(own: PlanInput, pools: CapacitySnapshot[], actions: Action[], excess: number): Effect {
  const now = new Map<string, number>()
  const after = levelsAfter(pools, actions)
  const atMs = Date.parse(own.now)
  const { price, carbon } = stepTermsAt(atMs)
  const serving = servingPools(poolsOfInput(own))
  const stops = actions.some(({ kind }) => kind === 'cancel' || kind === 'suspend')
  const taken = (acting: boolean) => (acting && stops ? 0 : excess)
  const capacity = (levels: ReadonlyMap<string, number>, acting: boolean) =>
    Math.max(0, sumOver(serving, levels, ({ capacityPerReplica }) => capacityPerReplica) - taken(acting))
  // Pools of other hardware count by what they serve, in replicas of the leading one.
  const latency = (served: number) =>
    latencyAtPeak(own, Math.floor(served / own.capacity.capacityPerReplica + 1e-9))
  const before = capacity(now, false)
  const then = capacity(after, true)
  const cost = sumOver(pools, after, price)
  const ready = (quantile: 'leadTimeP50Seconds' | 'leadTimeP90Seconds') =>
    new Date(atMs + leadSeconds(pools, actions, quantile) * 1_000).toISOString()
  return {
    replicas: after.get(own.capacity.poolId) ?? own.capacity.desiredReplicas,
    costPerHourUsd: cost,
    costChangePerHourUsd: cost - sumOver(pools, now, price),
    peakCostPerHourUsd: peakCostPerHourUsd(pools, actions, atMs),
    carbonChangeGPerHour: sumOver(pools, after, carbon) - sumOver(pools, now, carbon),
    sloRiskBefore: riskOver(own, before),
    sloRiskAfter: riskOver(own, then),
    latencyP99MsBefore: latency(before),
    latencyP99MsAfter: latency(then),
    readyAtP50: ready('leadTimeP50Seconds'),
    readyAtP90: ready('leadTimeP90Seconds'),
  }
}

/** Stages wait for each other; within one the slowest rise counts, and what falls takes no time. */
function leadSeconds(
  pools: CapacitySnapshot[],
  actions: Action[],
  quantile: 'leadTimeP50Seconds' | 'leadTimeP90Seconds',
): number {
  const lead = ({ poolId, fromReplicas, toReplicas }: Action) =>
    toReplicas > fromReplicas ? (pools.find((pool) => pool.poolId === poolId)?.offering[quantile] ?? 0) : 0
  return stagesOf(actions).reduce((sum, stage) => sum + Math.max(...stage.map(lead)), 0)
}

function pricesOf(pools: CapacitySnapshot[]): PlanContent['evidence']['prices'] {
  const offerings = new Map(pools.map(({ offering }) => [offering.id, offering]))
  return [...offerings.values()].map(priceTermsOf)
}
