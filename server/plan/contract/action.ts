import type { CapacitySnapshot } from './capacity.ts'

/**
 * What an action does to its target. *scale*: replicas of a pool. *allocate*: nodes of a GPU node pool. *prewarm*: warm
 * instances of a serverless pool. *suspend*, *resume*: a job runs (1) or does not (0). *cancel*: it ends for good.
 * *right-size*: what one replica requests, in percent of its full size.
 */
export const actionKinds = [
  'scale',
  'allocate',
  'prewarm',
  'suspend',
  'resume',
  'cancel',
  'right-size',
] as const
export type ActionKind = (typeof actionKinds)[number]

/** What a target's one number stands for: replicas, nodes, warm instances, whether a job runs, percent of full size. */
export const controls = ['replicas', 'nodes', 'warm', 'run', 'size'] as const
export type Control = (typeof controls)[number]

/** Why the actions of a proposal belong together. */
export const purposes = ['capacity', 'migrate', 'market', 'shift', 'stop-harm', 'right-size'] as const
export type Purpose = (typeof purposes)[number]

/**
 * An absolute set-point, in the unit of the kind. `fromReplicas` is what was observed, for people and for the inverse.
 * Actions are carried out by `stage` (absent: 0); those of a later stage begin when all of the earlier stood verified.
 */
export type Action = {
  kind: ActionKind
  stage?: number
  /** Whose pool it is, where that is another workload than the proposal's. */
  workloadId?: string
  poolId: string
  targetId: string
  targetName: string
  domainName: string
  region: string
  hardwareClass: string
  fromReplicas: number
  toReplicas: number
}

/** What sets a pool to a level, from the one that it was last observed at. */
export function actionOn(
  pool: CapacitySnapshot,
  toReplicas: number,
  { kind, stage, workloadId }: Pick<Action, 'kind' | 'stage' | 'workloadId'>,
): Action {
  return {
    kind,
    ...(stage === undefined ? {} : { stage }),
    ...(workloadId === undefined ? {} : { workloadId }),
    poolId: pool.poolId,
    targetId: pool.targetId,
    targetName: pool.targetName,
    domainName: pool.domain.name,
    region: pool.domain.region,
    hardwareClass: pool.offering.hardwareClass,
    fromReplicas: pool.desiredReplicas,
    toReplicas,
  }
}
