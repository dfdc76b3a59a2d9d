import { type Action, type ActionKind, actionOn, type CapacitySnapshot } from './contract.ts'

/** What sets a pool to a level, in the words of its control. `of`: the workload whose proposal it stands in. */
export function poolAction(pool: CapacitySnapshot, toReplicas: number, of: string): Action {
  return actionOn(pool, toReplicas, {
    kind: kindOf(pool, toReplicas > pool.desiredReplicas),
    workloadId: pool.workloadId === of ? undefined : pool.workloadId,
  })
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
