import { type CapacityPolicy, LatencyModel, PoolDynamics, type PoolState, stepsIn } from '../../plan/index.ts'
import type { CourseOutcome } from '../contract/ledger.ts'
import type { LedgerPool, LedgerScene } from './scene.ts'

/** Absolute set-points in order of time, counted in steps from the start of the span. */
export type SetPoint = { poolId: string; atStep: number; replicas: number }

/** What steers the pools: orders that were decided beforehand, or a policy on the leading pool that sees the past alone. */
export type Course = { orders: readonly SetPoint[] } | { policy: CapacityPolicy }

const HOURS_PER_SECOND = 1 / 3600
const NOTHING_LEFT = 1e-9

/**
 * Plays measured demand against the pools under a course: supply by the dynamics of each pool, one queue before all that
 * serve, cost, latency and carbon by step. Nothing is scored where nothing was measured.
 */
export function playCourse(scene: LedgerScene, course: Course): CourseOutcome {
  const { stepSeconds, demand, from, steps } = scene
  const pools = scene.pools.map((pool) => ({ ...pool, supply: supplyOf(scene, pool, course) }))
  const lead = pools.find(({ id }) => id === scene.leadPoolId)
  const latency = new LatencyModel({ ...scene.latency, stepSeconds })
  const unit = scene.latency.capacityPerReplica
  const hours = stepSeconds * HOURS_PER_SECOND
  const outcome: CourseOutcome = {
    infraUsd: 0,
    penaltyUsd: 0,
    shortReplicaHours: 0,
    violationMinutes: 0,
    carbonG: 0,
  }
  const processed = new Float64Array(steps)
  let backlog = 0
  for (let step = 0; step < steps; step++) {
    const at = scene.startMs + step * stepSeconds * 1_000
    const gap = demand.gap[from + step] === 1
    const load = demand.values[from + step] ?? 0
    let capacity = 0
    let within = 0
    for (const pool of pools) {
      const observed = pool === lead ? observationOf(scene, pool.supply, step, processed, backlog) : null
      const { ready, inFlight } = pool.supply.advance(desiredAt(course, pool.id, step, observed), 0)
      const paid = (ready + inFlight - pool.from) * hours * pool.share
      if (!gap) {
        outcome.infraUsd += paid * pool.priceAt(at)
        outcome.carbonG += paid * pool.powerKw * pool.carbonAt(at)
      }
      if (!pool.serves) continue
      capacity += ready * pool.saturatedPerReplica
      within += ready * pool.capacityPerReplica
    }
    const before = backlog
    const work = before + load * stepSeconds
    const served = Math.min(work, capacity * stepSeconds)
    backlog = gap ? Math.min(work - served, before) : work - served
    if (backlog < NOTHING_LEFT * Math.max(1, work)) backlog = 0
    processed[step] = served / stepSeconds
    if (gap || !scene.served || lead === undefined) continue
    const short = (Math.max(0, load - within) / lead.capacityPerReplica) * hours
    outcome.shortReplicaHours += short
    outcome.penaltyUsd += short * scene.penaltyRatio * lead.priceAt(at)
    const p99 = latency.p99Seconds({ demand: load, ready: capacity / unit, backlogBefore: before, backlog })
    if (latency.violates(p99)) outcome.violationMinutes += stepSeconds / 60
  }
  return outcome
}

type Observed = Parameters<CapacityPolicy['decide']>[0]

function desiredAt(course: Course, poolId: string, step: number, observed: Observed | null): number | null {
  if ('policy' in course) return observed === null ? null : course.policy.decide(observed)
  return course.orders.findLast((order) => order.poolId === poolId && order.atStep === step)?.replicas ?? null
}

function observationOf(
  { demand, from }: LedgerScene,
  supply: PoolDynamics,
  step: number,
  processed: Float64Array,
  backlog: number,
): Observed {
  const { ready, pending, position } = supply
  return {
    step,
    past: { ...demand, length: from + step },
    processed,
    ready,
    pending,
    position,
    backlog,
  }
}

/** The pool as it was observed: what was asked for and not ready is on its way, and takes the whole lead time yet. */
function supplyOf(scene: LedgerScene, pool: LedgerPool, course: Course): PoolDynamics {
  const bounded = 'policy' in course && pool.id === scene.leadPoolId
  const terms = {
    ...scene.reactiveTerms,
    pricePerReplicaHour: 0,
    penaltyPerReplicaHourShort: 0,
    minReplicas: bounded ? scene.reactiveTerms.minReplicas : 0,
    maxReplicas: bounded ? scene.reactiveTerms.maxReplicas : Number.MAX_SAFE_INTEGER,
    leadTimeSeconds: pool.leadTimeSeconds,
  }
  const ready = Math.min(pool.ready, pool.desired)
  const missing = pool.desired - ready
  const readyAt = Math.max(1, stepsIn(pool.leadTimeSeconds, scene.stepSeconds))
  const start: PoolState = {
    step: 0,
    ready,
    backlog: 0,
    pending: missing > 0 ? [{ decidedAt: 0, placedAt: 0, readyAt, count: missing }] : [],
    draining: [],
  }
  return new PoolDynamics(terms, start)
}
