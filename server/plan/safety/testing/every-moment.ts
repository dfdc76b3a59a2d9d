import type { Action, CapacitySnapshot, PlanInput } from '../../contract.ts'

/** Levels of all pools after every mixture of the actions of each stage: all that can be seen while a saga is carried out. */
export function everyMoment(
  pools: readonly CapacitySnapshot[],
  actions: readonly Action[],
): Map<string, number>[] {
  const levels = new Map(pools.map(({ poolId, desiredReplicas }) => [poolId, desiredReplicas]))
  const stages = [...new Set(actions.map(({ stage }) => stage ?? 0))].sort((a, b) => a - b)
  const moments = [new Map(levels)]
  for (const at of stages) {
    const stage = actions.filter(({ stage: own }) => (own ?? 0) === at)
    for (let mask = 0; mask < 2 ** stage.length; mask++) {
      const mixed = new Map(levels)
      for (const [i, { poolId, toReplicas }] of stage.entries())
        if (mask & (1 << i)) mixed.set(poolId, toReplicas)
      moments.push(mixed)
    }
    for (const { poolId, toReplicas } of stage) levels.set(poolId, toReplicas)
  }
  return moments
}

/**
 * What a moment breaks, worked out from the numbers alone and not by the code that judges plans; a value that was beyond a
 * bound before may stay there, and come nearer.
 */
export function brokenAt(inputs: readonly PlanInput[], levels: ReadonlyMap<string, number>): string[] {
  const broken: string[] = []
  const hold = (what: string, now: number, before: number, most: number) => {
    if (now > Math.max(most, before) + 1e-6) broken.push(`${what}: ${now} > ${most}`)
  }
  const all = inputs.flatMap(({ capacity, otherPools }) => [capacity, ...otherPools])
  const sum = (pools: readonly CapacitySnapshot[], term: (pool: CapacitySnapshot) => number) => ({
    now: pools.reduce((s, pool) => s + term(pool) * (levels.get(pool.poolId) ?? 0), 0),
    before: pools.reduce((s, pool) => s + term(pool) * pool.desiredReplicas, 0),
  })
  const price = (pool: CapacitySnapshot) => pool.offering.pricePerReplicaHourUsd
  const carbon = (pool: CapacitySnapshot) => pool.offering.powerKw * pool.domain.carbonGPerKwh
  for (const { workload, policy, capacity, otherPools } of inputs) {
    const pools = [capacity, ...otherPools]
    const replicas = sum(pools, () => 1)
    const cost = sum(pools, price)
    hold(`${workload.id} max`, replicas.now, replicas.before, policy.maxReplicas)
    hold(`${workload.id} min`, -replicas.now, -replicas.before, -policy.minReplicas)
    hold(`${workload.id} cost`, cost.now, cost.before, policy.costLimitPerHourUsd)
  }
  for (const pools of Map.groupBy(all, ({ offering }) => offering.id).values()) {
    const used = sum(pools, () => 1)
    hold('quota', used.now, used.before, pools[0]?.offering.quotaReplicas ?? 0)
  }
  for (const rule of inputs[0]?.rules?.ruleSet.rules ?? []) {
    if (rule.kind === 'cost-per-hour') {
      const cost = sum(all, price)
      hold(rule.name, cost.now, cost.before, rule.limitUsd)
    }
    if (rule.kind === 'carbon') {
      const emitted = sum(all, carbon)
      hold(rule.name, emitted.now, emitted.before, rule.limit)
    }
    if (rule.kind !== 'spot-share') continue
    for (const pools of Map.groupBy(all, ({ workloadId }) => workloadId).values()) {
      const spot = sum(pools, (pool) => (pool.offering.market === 'spot' ? pool.capacityPerReplica : 0))
      const whole = sum(pools, ({ capacityPerReplica }) => capacityPerReplica)
      const share = (part: number, of: number) => (of > 0 ? part / of : 0)
      hold(rule.name, share(spot.now, whole.now), share(spot.before, whole.before), rule.maxShare)
    }
  }
  return broken
}
