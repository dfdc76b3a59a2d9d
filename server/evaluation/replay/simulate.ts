import {
  type CapacityPolicy,
  ceilTolerant,
  type LatencyTerms,
  type PastDemand,
  type PolicySetup,
  PoolDynamics,
  type PoolTerms,
  type StepAccount,
  totalCostOf,
} from '../../plan/index.ts'
import type { Trace } from './trace.ts'

/** Builds a policy from what is known before its first decision. */
export type PolicyFactory = (setup: PolicySetup) => CapacityPolicy

/** Steps `from` to `to` (exclusive) of demand, run by one pool; what lies before `from` is history. */
export type Scene = {
  demand: Float64Array
  gap: Uint8Array
  from: number
  to: number
  /** Seconds after midnight UTC of step 0 of the demand. */
  startSeconds: number
  terms: PoolTerms & LatencyTerms
  targetUtilisation: number
  controlIntervalSeconds: number
  initialReplicas: number | 'auto'
}

export type Simulation = { initialReplicas: number; note: string; accounts: StepAccount[] }

const DAY_SECONDS = 86_400

/** Seconds after midnight UTC of a trace's first step. */
export const secondsOfDay = ({ startSeconds }: Pick<Trace, 'startSeconds'>): number =>
  ((startSeconds % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS

/** Replicas that are ready before the scene begins: enough for the last demand known by then, unless said otherwise. */
export function initialReplicasOf({ demand, from, terms, ...scene }: Scene): number {
  const { capacityPerReplica, minReplicas, maxReplicas } = terms
  const known = demand[Math.max(0, from - 1)] ?? 0
  const asked =
    scene.initialReplicas === 'auto'
      ? ceilTolerant(known / (capacityPerReplica * scene.targetUtilisation))
      : scene.initialReplicas
  return Math.min(maxReplicas, Math.max(minReplicas, asked))
}

/** Runs one policy through a scene. It is given each step's demand only after it has decided that step. */
export function simulate(scene: Scene, make: PolicyFactory): Simulation {
  const { demand, gap, from, to, terms } = scene
  const initialReplicas = initialReplicasOf(scene)
  const past = pastOf(scene)
  const processed = new Float64Array(to - from).fill(Number.NaN)
  const policy = make({
    terms,
    targetUtilisation: scene.targetUtilisation,
    initialReplicas,
    controlIntervalSeconds: scene.controlIntervalSeconds,
    startSeconds: scene.startSeconds,
    history: { ...past },
  })
  const pool = new PoolDynamics(terms, initialReplicas)
  const accounts: StepAccount[] = []
  for (let step = 0; step < to - from; step++) {
    const { ready, pending, position, backlog } = pool
    const desired = policy.decide({ step, past, processed, ready, pending, position, backlog })
    const now = demand[from + step] ?? 0
    const isGap = gap[from + step] === 1
    const account = pool.advance(desired, now, isGap)
    accounts.push(account)
    past.values[from + step] = now
    past.gap[from + step] = isGap ? 1 : 0
    past.length++
    processed[step] = account.served / terms.stepSeconds
  }
  return { initialReplicas, note: policy.note ?? '', accounts }
}

/** Total cost of a policy over a scene. */
export function costOf(scene: Scene, make: PolicyFactory): number {
  return simulate(scene, make).accounts.reduce((sum, account) => sum + totalCostOf(account), 0)
}

/** The history alone: what follows is not there yet. */
function pastOf({ demand, gap, from, to }: Scene): PastDemand {
  const past = { values: new Float64Array(to).fill(Number.NaN), gap: new Uint8Array(to), length: from }
  past.values.set(demand.subarray(0, from))
  past.gap.set(gap.subarray(0, from))
  return past
}
