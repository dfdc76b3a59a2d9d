import { levelDown } from './base-stock.ts'
import {
  type CapacitySnapshot,
  type PlanContent,
  type PlanInput,
  type PlanOutcome,
  serves,
} from './contract.ts'
import { keepReason } from './coupled/limits.ts'
import { coupledSurge } from './coupled/plan-workload.ts'
import { sagaContent } from './coupled/saga-content.ts'
import { poolsOfInput } from './judge.ts'
import { project, type Wanted } from './safety/project.ts'

type Held = { pool: CapacitySnapshot; nodes: CapacitySnapshot; perNode: number }

/** Pools whose replicas run on nodes of their own, with those. */
function heldPools(inputs: readonly PlanInput[]): Held[] {
  const pools = inputs.flatMap(poolsOfInput)
  return pools.flatMap((pool) => {
    const { heldBy } = pool
    const nodes = pools.find(({ poolId }) => poolId === heldBy?.poolId)
    return heldBy && nodes ? [{ pool, nodes, perNode: heldBy.replicasPerNode }] : []
  })
}

/** Wanted levels with the nodes that they need beside them, where those that stand do not hold them. */
export function withNodes(inputs: readonly PlanInput[], wanted: readonly Wanted[]): Wanted[] {
  const nodes = heldPools(inputs).flatMap(
    ({ pool, nodes: { poolId, desiredReplicas }, perNode }): Wanted[] => {
      const to = wanted.find((one) => one.poolId === pool.poolId)?.toReplicas ?? 0
      const needed = Math.ceil(to / perNode)
      return to > pool.desiredReplicas && needed > desiredReplicas ? [{ poolId, toReplicas: needed }] : []
    },
  )
  return [...nodes, ...wanted]
}

/** A plan for a pool whose replicas run on nodes: nodes first where they are needed, then the replicas. Others are as they were. */
export function onNodes(input: PlanInput, outcome: PlanOutcome): PlanOutcome {
  if (outcome.kind === 'hold' || !input.capacity.heldBy) return outcome
  const { actions, reasons, evidence } = outcome.content
  const wanted = actions.map(({ poolId, toReplicas }) => ({ poolId, toReplicas }))
  const content = sagaOf(input, withNodes([input], wanted), evidence.surge)
  if (typeof content === 'string') return { kind: 'hold', reason: content }
  return { kind: 'propose', content: { ...content, reasons: [...reasons, ...content.reasons] } }
}

/**
 * Nodes that hold nothing, once the cooldown is over: what neither the replicas that stand nor the whole forecast needs. Null where there
 * are none, or nothing may be taken away.
 */
export function emptyNodes(input: PlanInput): PlanOutcome | null {
  const { policy, riseWaits, capacity } = input
  const held = heldPools([input])
  const pools = poolsOfInput(input)
  if (held.length === 0 || policy.automationLevel === 'observe' || riseWaits) return null
  if (keepReason(input, pools) !== null || coupledSurge(input, pools.filter(serves)) !== null) return null
  const wanted = held.flatMap(({ pool, nodes, perNode }): Wanted[] => {
    const later = pool.poolId === capacity.poolId ? levelDown(input).wanted : 0
    const needed = Math.ceil(Math.max(pool.desiredReplicas, later) / perNode)
    return needed < nodes.desiredReplicas ? [{ poolId: nodes.poolId, toReplicas: needed }] : []
  })
  if (wanted.length === 0) return null
  const content = sagaOf(input, wanted, null)
  return typeof content === 'string' ? null : { kind: 'propose', content }
}

/** The levels as a saga, or why nothing of them can be done. */
function sagaOf(
  input: PlanInput,
  wanted: readonly Wanted[],
  surge: PlanContent['evidence']['surge'],
): PlanContent | string {
  const { actions, cuts } = project([input], wanted)
  if (actions.length === 0) return `Nothing of the plan can be done. ${cuts.join('; ')}.`
  return sagaContent({
    ...{ inputs: [input], actions, surge, purpose: 'capacity' as const },
    ...{ solution: null, cuts, conflict: [] },
  })
}
