import type { CapacitySnapshot } from './contract.ts'

/**
 * Pools with what governs them taken in: replicas on nodes take both lead times, are paid with the nodes and have no more room than
 * all nodes of the quota; those of a smaller size cost less, and the size itself what it changes of that. Others are as they were.
 */
export function governed<P extends CapacitySnapshot | null>(pools: readonly P[]): P[] {
  const by = (control: 'nodes' | 'size', poolId: string) =>
    pools.find((pool) => pool?.control === control && pool.governsPoolId === poolId) ?? null
  return pools.map((pool) => {
    if (pool === null) return pool
    if (pool.control === 'size') {
      const cut = pools.find((one) => one !== null && one.poolId === pool.governsPoolId) ?? null
      if (cut === null) return pool
      const share = by('nodes', cut.poolId) === null ? cut.desiredReplicas / 100 : 0
      return { ...pool, paid: { share, from: pool.desiredReplicas } }
    }
    const nodes = by('nodes', pool.poolId)
    if (nodes !== null) return onNodes(pool, nodes)
    const size = by('size', pool.poolId)
    return size === null ? pool : { ...pool, paid: { share: size.desiredReplicas / 100, from: 0 } }
  })
}

function onNodes<P extends CapacitySnapshot>(pool: P, nodes: CapacitySnapshot): P {
  const { offering } = pool
  const { replicasPerNode = 1 } = nodes
  const { leadTimeP50Seconds, leadTimeP90Seconds, quotaReplicas, pricePerReplicaHourUsd } = nodes.offering
  return {
    ...pool,
    paid: { share: 0, from: 0 },
    heldBy: {
      poolId: nodes.poolId,
      replicasPerNode,
      leadTimeP50Seconds,
      leadTimeP90Seconds,
      pricePerNodeHourUsd: pricePerReplicaHourUsd,
    },
    offering: {
      ...offering,
      leadTimeP50Seconds: offering.leadTimeP50Seconds + leadTimeP50Seconds,
      leadTimeP90Seconds: offering.leadTimeP90Seconds + leadTimeP90Seconds,
      quotaReplicas: Math.min(offering.quotaReplicas, quotaReplicas * replicasPerNode),
    },
  }
}
