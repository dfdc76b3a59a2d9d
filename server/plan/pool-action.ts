import type { Action, ActionKind, CapacitySnapshot } from './contract.ts'

/** What sets a pool to a level, in the words of its control. `of`: the workload whose proposal it stands in. */
export function poolAction(pool: CapacitySnapshot, toReplicas: number, of: string): Action {
  const { workloadId = of, desiredReplicas } = pool
  return {
    kind: kindOf(pool, toReplicas > desiredReplicas),
    ...(workloadId === of ? {} : { workloadId }),
    poolId: pool.poolId,
    targetId: pool.targetId,
    targetName: pool.targetName,
    domainName: pool.domain.name,
    region: pool.domain.region,
    hardwareClass: pool.offering.hardwareClass,
    fromReplicas: desiredReplicas,
    toReplicas,
  }
}

function kindOf({ control = 'replicas' }: CapacitySnapshot, rises: boolean): ActionKind {
  switch (control) {
    case 'replicas':
      return 'scale'
    case 'nodes':
      return 'allocate'
    case 'warm':
      return 'prewarm'
    case 'size':
      return 'right-size'
    case 'run':
      return rises ? 'resume' : 'suspend'
  }
}
