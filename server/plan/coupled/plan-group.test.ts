import { describe, expect, test } from 'vitest'
import type { CapacitySnapshot, PlanInput, PlanOutcome, RuleInput } from '../contract.ts'
import { rulePoolOf } from '../rules/of-input.ts'
import { ruleWorkload, ruleWorld } from '../rules/testing/rule-world.ts'
import { forecastOf, planInput, testPolicy } from '../testing/plan-input.ts'
import { planGroup } from './plan-group.ts'
import { planWorkload } from './plan-workload.ts'
import { loadSolver } from './solver.ts'
import { poolNamed, workloadOn } from './testing/pools.ts'

const solver = await loadSolver()
const flat = (level: number) =>
  forecastOf(
    Array.from({ length: 60 }, () => level),
    0.05,
  )
const ramp = (from: number, to: number) =>
  forecastOf(
    Array.from({ length: 60 }, (_, i) => (i < 12 ? from : to)),
    0.05,
  )
const policy = { ...testPolicy, minReplicas: 0, maxStepUp: 40, maxStepDown: 40, costLimitPerHourUsd: 1_000 }
const gpus = { hardwareClass: 'H100', quotaReplicas: 10, pricePerReplicaHourUsd: 6 }

const named = (name: string, pools: CapacitySnapshot[], change: Partial<PlanInput>): PlanInput =>
  workloadOn(
    pools.map((pool) => ({ ...pool, workloadId: name })),
    { policy, ...change, workload: { ...planInput().workload, id: name, name } } as Partial<PlanInput> & {
      rules?: never
    },
  )
const gpuPool = (workload: string, desiredReplicas: number) => {
  const pool = poolNamed(`${workload}-gpus`, { desiredReplicas, offering: gpus })
  return {
    ...pool,
    offering: { ...pool.offering, id: 'h100' },
    domain: { ...pool.domain, id: 'dc', name: 'dc-1' },
  }
}
const steps = (outcome: PlanOutcome | undefined) =>
  outcome?.kind === 'propose'
    ? outcome.content.actions.map(({ workloadId, poolId, toReplicas, stage }) => [
        workloadId,
        poolId,
        toReplicas,
        stage,
      ])
    : outcome?.reason

test('workloads that share nothing are planned as each alone', () => {
  const cloud = poolNamed('cloud', { desiredReplicas: 6, offering: { pricePerReplicaHourUsd: 4 } })
  const owned = poolNamed('owned', { offering: { market: 'owned', pricePerReplicaHourUsd: 0.4 } })
  const inputs = [
    named('a', [cloud, owned], { forecast: flat(52) }),
    named('b', [poolNamed('b', { desiredReplicas: 6 })], { forecast: ramp(40, 110) }),
    named('c', [poolNamed('c', { desiredReplicas: 6 })], { forecast: flat(20) }),
  ]
  const alone = inputs.map((input) => ({
    workloadId: input.workload.id,
    outcome: planWorkload(input, solver),
  }))
  expect(planGroup(inputs, solver)).toEqual(alone)
  expect(alone.every(({ outcome }) => outcome.kind === 'propose')).toBe(true)
})

describe('a quota that is full', () => {
  const chat = named('chat', [gpuPool('chat', 4)], { forecast: ramp(30, 62) })
  const batch = named('batch', [gpuPool('batch', 6)], {
    forecast: flat(52),
    policy: { ...policy, penaltyRatio: 1.5 },
  })

  test('goes to who is hurt more: the giver first, then the receiver, in the receiver’s proposal', () => {
    expect(steps(planWorkload(chat, solver))).toEqual([[undefined, 'chat-gpus', 7, undefined]])
    const [first, second] = planGroup([chat, batch], solver)
    expect(steps(first?.outcome)).toEqual([
      ['batch', 'batch-gpus', 3, 0],
      [undefined, 'chat-gpus', 7, 1],
    ])
    expect(second?.outcome).toEqual({ kind: 'hold', reason: 'It takes part in the proposal of chat.' })
    if (first?.outcome.kind !== 'propose') throw new Error('no proposal')
    const { content } = first.outcome
    expect(content.allowed).toBe(true)
    expect(content.summary).toMatch(/^chat: 6 → 3 of batch on .*, 4 → 7 on /)
    expect(content.reasons.join(' ')).toContain('First: batch-gpus (batch) 6 → 3')
    expect(content.effect.peakCostPerHourUsd).toBeCloseTo(60)
    expect(content.evidence.otherPools?.map(({ poolId }) => poolId)).toEqual(['batch-gpus'])
  })

  test('stays as it is where nobody can give', () => {
    const stale = { ...batch, lastSampleAt: '2026-03-01T00:00:00.000Z' }
    const plans = planGroup([chat, stale], solver)
    expect(plans.map(({ outcome }) => outcome.kind)).toEqual(['hold', 'hold'])
  })
})

test('a budget of a team is shared between two rises, and neither breaks it', () => {
  const pools = ['a', 'b'].map((name) => poolNamed(name, { desiredReplicas: 6, workloadId: name }))
  const rule: RuleInput = {
    name: 'team',
    enforcement: 'hard-mandatory',
    kind: 'cost-per-hour',
    per: 'team',
    limitUsd: 34,
  }
  const at = Date.parse(planInput().now)
  const rules = ruleWorld([rule], {
    workloads: ['a', 'b'].map((id) => ({ ...ruleWorkload, id, name: id })),
    pools: pools.map((pool) => rulePoolOf(pool, pool.workloadId ?? '', at)),
  })
  const inputs = pools.map((pool) => ({ ...named(pool.poolId, [pool], { forecast: ramp(40, 110) }), rules }))
  const plans = planGroup(inputs, solver)
  const cost = plans.reduce((sum, { outcome }) => {
    return sum + (outcome.kind === 'propose' ? outcome.content.effect.costPerHourUsd : 12)
  }, 0)
  expect(cost).toBeLessThanOrEqual(34)
  expect(cost).toBeGreaterThan(30)
})
