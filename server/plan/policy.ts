import {
  type Action,
  type BoundName,
  type CapacitySnapshot,
  type PolicyInForce,
  type PolicyResult,
  paidSteps,
  serves,
} from './contract.ts'
import { momentsOf } from './rules/moments.ts'

export type PolicyCheck = {
  actions: Action[]
  /** Every pool of the workload; those that no action names stand at their level. */
  pools: readonly CapacitySnapshot[]
  policy: PolicyInForce
  requiredSecurityTier: number
  /** Telemetry of the demand signal is older than three steps, or there is none. */
  telemetryStale: boolean
}

/**
 * Every bound of one workload's policy against a plan, the same at planning, overriding, approving and dispatching:
 * those of the whole workload over all its pools at every moment of the stages, then those of each action. A level that is
 * already outside a bound may always be brought nearer to it. Actions on pools of others are theirs to judge.
 */
export function checkPolicy(check: PolicyCheck): PolicyResult[] {
  const pools = new Map(check.pools.map((pool) => [pool.poolId, pool]))
  const own = check.actions.filter(({ poolId }) => pools.has(poolId))
  if (own.length === 0) return []
  return [
    ...checkWhole(check, own),
    ...checkRoom(check, own),
    ...own.flatMap((action) => checkAction(check, action, pools)),
  ]
}

/** Whether every hard-mandatory rule holds. */
export function isAllowed(results: PolicyResult[]): boolean {
  return results.every((result) => result.passed || result.enforcement !== 'hard-mandatory')
}

/** Replicas that serve, and what all pools cost, over every moment of the plan. */
function checkWhole({ pools, policy }: PolicyCheck, actions: Action[]): PolicyResult[] {
  const { before, ranges } = momentsOf(actions)
  type Value = (pool: CapacitySnapshot, level: number) => number
  const sums = (value: Value, end: 'low' | 'high') =>
    ranges.map((range) =>
      pools.reduce(
        (sum, pool) => sum + value(pool, range.get(pool.poolId)?.[end] ?? pool.desiredReplicas),
        0,
      ),
    )
  const present = (value: Value) =>
    pools.reduce((sum, pool) => sum + value(pool, before.get(pool.poolId) ?? pool.desiredReplicas), 0)
  const replicas: Value = (pool, level) => (serves(pool) ? level : 0)
  const cost: Value = (pool, level) => pool.offering.pricePerReplicaHourUsd * paidSteps(pool, level)
  const least = Math.min(...sums(replicas, 'low'))
  const most = Math.max(...sums(replicas, 'high'))
  const dearest = Math.max(...sums(cost, 'high'))
  const limit = policy.costLimitPerHourUsd
  return [
    rule(
      'min-replicas',
      least >= Math.min(policy.minReplicas, present(replicas)),
      `at least ${policy.minReplicas}`,
      `${least} replicas`,
    ),
    rule(
      'max-replicas',
      most <= Math.max(policy.maxReplicas, present(replicas)),
      `at most ${policy.maxReplicas}`,
      `${most} replicas`,
    ),
    rule(
      'cost-limit',
      dearest <= Math.max(limit, present(cost)) + 1e-9,
      `at most ${usd(limit)}/h`,
      `${usd(dearest)}/h`,
    ),
  ]
}

/** Replicas run only where there are nodes, at every moment: those are ordered before them, and given back after them. */
function checkRoom({ pools }: PolicyCheck, actions: Action[]): PolicyResult[] {
  const { before, ranges } = momentsOf(actions)
  return pools.flatMap((pool) => {
    const nodes = pools.find(({ poolId }) => poolId === pool.heldBy?.poolId)
    if (!nodes || !actions.some(({ poolId }) => poolId === pool.poolId || poolId === nodes.poolId)) return []
    const perNode = pool.heldBy?.replicasPerNode ?? 1
    const levelOf = (one: CapacitySnapshot) => before.get(one.poolId) ?? one.desiredReplicas
    const moments = ranges.map((range) => ({
      replicas: range.get(pool.poolId)?.high ?? pool.desiredReplicas,
      nodes: range.get(nodes.poolId)?.low ?? nodes.desiredReplicas,
    }))
    const over = (moment: { replicas: number; nodes: number }) => moment.replicas - moment.nodes * perNode
    const worst = moments.reduce((most, one) => (over(one) > over(most) ? one : most))
    const present = over({ replicas: levelOf(pool), nodes: levelOf(nodes) })
    return rule(
      'node-room',
      over(worst) <= Math.max(0, present),
      `${worst.nodes} nodes hold ${worst.nodes * perNode}`,
      `${worst.replicas} replicas`,
    )
  })
}

function checkAction(
  { policy, requiredSecurityTier, telemetryStale }: PolicyCheck,
  action: Action,
  pools: ReadonlyMap<string, CapacitySnapshot>,
): PolicyResult[] {
  const pool = pools.get(action.poolId)
  if (pool === undefined) return []
  const { domain, offering } = pool
  const to = action.toReplicas
  const change = to - action.fromReplicas
  const stepLimit = change >= 0 ? policy.maxStepUp : policy.maxStepDown
  const falling = change < 0
  return [
    rule(
      'step-limit',
      !isStep(action) || Math.abs(change) <= stepLimit,
      `at most ${stepLimit} at a time`,
      `${signed(change)} replicas`,
    ),
    rule(
      'quota',
      // A size is in percent, and takes nothing of a quota.
      falling || action.kind === 'right-size' || to <= offering.quotaReplicas,
      `quota of ${offering.quotaReplicas} ${offering.hardwareClass}`,
      `${to} replicas`,
    ),
    rule(
      'allowed-region',
      falling || policy.allowedRegions.includes(domain.region),
      policy.allowedRegions.join(', '),
      domain.region,
    ),
    rule(
      'security-tier',
      falling || domain.securityTier >= requiredSecurityTier,
      `tier ${requiredSecurityTier} or higher`,
      `tier ${domain.securityTier}`,
    ),
    // Without fresh telemetry no capacity is taken away, whoever asks; a job that is stopped is none.
    rule(
      'telemetry-fresh',
      isStop(action) || !(falling && telemetryStale),
      'fresh telemetry to scale down',
      telemetryStale ? staleWords(action) : 'fresh',
    ),
  ]
}

/** Whether an action is a step of a level; stopping a job or changing a size is none. */
function isStep({ kind }: Action): boolean {
  return kind === 'scale' || kind === 'allocate' || kind === 'prewarm'
}

function isStop({ kind }: Action): boolean {
  return kind === 'suspend' || kind === 'cancel'
}

/** Stale telemetry, and why that does not forbid this where it does not. */
function staleWords(action: Action): string {
  if (isStop(action)) return 'stale, but a stop takes no capacity away'
  return action.toReplicas < action.fromReplicas ? 'stale' : 'stale, but no capacity is taken away'
}

const titles: Record<BoundName, string> = {
  'min-replicas': 'Minimum replicas',
  'max-replicas': 'Maximum replicas',
  'step-limit': 'Step limit',
  'cost-limit': 'Cost limit',
  quota: 'Quota',
  'node-room': 'Room on nodes',
  'allowed-region': 'Allowed regions',
  'security-tier': 'Security tier',
  'telemetry-fresh': 'Fresh telemetry',
}

function rule(name: BoundName, passed: boolean, limit: string, actual: string): PolicyResult {
  const message = passed
    ? `${titles[name]}: ${actual}, ${limit}.`
    : `${titles[name]}: ${actual} breaks the bound: ${limit}.`
  return { rule: name, enforcement: 'hard-mandatory', passed, limit, actual, message }
}

function usd(amount: number): string {
  return `$${amount.toFixed(2)}`
}

function signed(change: number): string {
  return `${change < 0 ? '−' : '+'}${Math.abs(change)}`
}
