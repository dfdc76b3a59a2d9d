import type { CapacitySnapshot, PlanInput, RuleInput } from '../../contract.ts'
import { rulePoolOf } from '../../rules/of-input.ts'
import { ruleWorkload, ruleWorld } from '../../rules/testing/rule-world.ts'
import { planInput, testCapacity } from '../../testing/plan-input.ts'

export type PoolChange = Partial<Omit<CapacitySnapshot, 'domain' | 'offering'>> & {
  domain?: Partial<CapacitySnapshot['domain']>
  offering?: Partial<CapacitySnapshot['offering']>
}

/** A pool called `name` at a place and an offering of its own; all of it ready unless said. */
export function poolNamed(name: string, change: PoolChange = {}): CapacitySnapshot {
  const { domain, offering, ...rest } = change
  const desiredReplicas = rest.desiredReplicas ?? 0
  return {
    ...testCapacity,
    poolId: name,
    targetId: `target-${name}`,
    targetName: name,
    control: 'replicas',
    desiredReplicas,
    readyReplicas: desiredReplicas,
    ...rest,
    domain: { ...testCapacity.domain, id: `domain-${name}`, name, ...domain },
    offering: { ...testCapacity.offering, id: `offering-${name}`, ...offering },
  }
}

/** A workload on these pools, the first of which leads, under these published rules. */
export function workloadOn(
  pools: readonly CapacitySnapshot[],
  change: Partial<PlanInput> & { rules?: never; ruleList?: RuleInput[] } = {},
): PlanInput {
  const { ruleList = [], ...rest } = change
  const [leading = testCapacity, ...otherPools] = pools
  const input = planInput({ capacity: leading, otherPools, ...rest })
  if (ruleList.length === 0) return input
  const { id, name } = input.workload
  const at = Date.parse(input.now)
  return {
    ...input,
    rules: ruleWorld(ruleList, {
      workloads: [{ ...ruleWorkload, id, name }],
      pools: pools.map((pool) => rulePoolOf(pool, id, at)),
    }),
  }
}
