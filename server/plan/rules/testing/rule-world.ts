import type { Action, Rule, RuleInput, RulePool, RuleWorkload, RuleWorld } from '../../contract.ts'
import { ruleSchema } from '../../contract.ts'

export const rulePool: RulePool = {
  poolId: 'a',
  workloadId: 'w',
  place: 'aster-eu-west, L40S, on demand',
  control: 'replicas',
  market: 'on_demand',
  jurisdiction: 'EU',
  securityTier: 3,
  pricePerHourUsd: 2,
  carbonGPerHour: 100,
  capacity: 10,
  level: 6,
  maxLevel: 60,
}

export const ruleWorkload: RuleWorkload = {
  id: 'w',
  name: 'chat-llm',
  team: 'chat',
  environment: 'production',
  dataClassification: 'internal',
  demandPerSecond: 50,
  changesLastHour: 0,
  spentThisMonthUsd: 400,
  usualCostPerHourUsd: 10,
}

/** Monday, 2 March 2026, 09:00:30 UTC; one pool of six replicas at $2, and no rule unless given. */
export function ruleWorld(rules: RuleInput[], change: Partial<RuleWorld> = {}): RuleWorld {
  return {
    now: '2026-03-02T09:00:30.000Z',
    ruleSet: { version: 1, rules: rules.map((rule): Rule => ruleSchema.parse(rule)) },
    workloads: [ruleWorkload],
    pools: [rulePool],
    spanSeconds: 3_600,
    ...change,
  }
}

/** A set-point of a pool of `ruleWorld`. */
export function setPoint(
  fromReplicas: number,
  toReplicas: number,
  { poolId = 'a', stage, kind = 'scale' }: Partial<Pick<Action, 'poolId' | 'stage' | 'kind'>> = {},
): Action {
  return {
    kind,
    ...(stage === undefined ? {} : { stage }),
    poolId,
    targetId: `target-${poolId}`,
    targetName: poolId,
    domainName: 'aster-eu-west',
    region: 'eu-west',
    hardwareClass: 'L40S',
    fromReplicas,
    toReplicas,
  }
}
