import { describe, expect, test } from 'vitest'
import type { PlanContent, PlanOutcome, RuleInput } from '../contract.ts'
import { planPool } from '../plan-pool.ts'
import { forecastOf, planInput, testPolicy } from '../testing/plan-input.ts'
import { planWorkload, replanLevels } from './plan-workload.ts'
import { loadSolver } from './solver.ts'
import { poolNamed, workloadOn } from './testing/pools.ts'

const solver = await loadSolver()
const flat = (level: number, minutes = 60) =>
  forecastOf(
    Array.from({ length: minutes }, () => level),
    0.05,
  )
const policy = { ...testPolicy, maxStepUp: 40, maxStepDown: 40, costLimitPerHourUsd: 1_000 }

const cloud = poolNamed('cloud', { desiredReplicas: 6, offering: { pricePerReplicaHourUsd: 4 } })
const owned = poolNamed('owned', {
  domain: { kind: 'on_premise', carbonGPerKwh: 40 },
  offering: { market: 'owned', pricePerReplicaHourUsd: 0.4, quotaReplicas: 20 },
})

function proposed(outcome: PlanOutcome): PlanContent {
  if (outcome.kind !== 'propose') throw new Error(outcome.reason)
  return outcome.content
}
const held = (outcome: PlanOutcome) => (outcome.kind === 'hold' ? outcome.reason : outcome.content.summary)
const steps = ({ actions }: PlanContent) =>
  actions.map(({ poolId, fromReplicas, toReplicas, stage }) => [poolId, fromReplicas, toReplicas, stage])

test('one pool is planned as ever', () => {
  const input = planInput({ forecast: flat(80) })
  expect(planWorkload(input, solver)).toEqual(planPool(input))
})

describe('cheaper capacity of one’s own', () => {
  const input = workloadOn([cloud, owned], { forecast: flat(52), policy })

  test('takes over: added first, taken away after it stands, with an inverse and the cost of the overlap', () => {
    const content = proposed(planWorkload(input, solver))
    expect(steps(content)).toEqual([
      ['owned', 0, 6, 0],
      ['cloud', 6, 0, 1],
    ])
    expect(content).toMatchObject({ direction: 'move', purpose: 'migrate', allowed: true })
    expect(content.summary).toMatch(/, the same capacity for \$21\.60\/h less elsewhere$/)
    expect(content.effect.costPerHourUsd).toBeCloseTo(2.4)
    expect(content.effect.costChangePerHourUsd).toBeCloseTo(-21.6)
    expect(content.effect.peakCostPerHourUsd).toBeCloseTo(26.4)
    expect(content.effect.carbonChangeGPerHour).toBeLessThan(0)
    expect(content.effect.sloRiskAfter).toBeLessThanOrEqual(content.effect.sloRiskBefore + 1e-9)
    expect(content.inverse?.map(({ poolId, toReplicas, stage }) => [poolId, toReplicas, stage])).toEqual([
      ['cloud', 6, 0],
      ['owned', 0, 1],
    ])
    expect(content.alternatives[0]).toMatchObject({ kind: 'do-nothing', actions: [] })
    expect(content.evidence.otherPools?.map(({ poolId }) => poolId)).toEqual(['owned'])
    expect(content.reasons.join(' ')).toMatch(/Once that stands verified: cloud 6 → 0/)
    expect(content.reasons.join(' ')).toMatch(/proven to be (the best|within)/)
  })

  test('which emits more is left alone where the policy prices carbon', () => {
    const dirty = { ...owned, domain: { ...owned.domain, carbonGPerKwh: 900 } }
    const dear = { ...owned.offering, pricePerReplicaHourUsd: 3.4 }
    const pools = [cloud, { ...dirty, offering: dear }]
    const priced = { ...policy, carbonPriceUsdPerKg: 2 }
    expect(planWorkload(workloadOn(pools, { forecast: flat(52), policy }), solver).kind).toBe('propose')
    expect(planWorkload(workloadOn(pools, { forecast: flat(52), policy: priced }), solver).kind).toBe('hold')
  })

  test('takes over as much as the cost limit lets run at once', () => {
    const tight = { ...policy, costLimitPerHourUsd: 25 }
    const content = proposed(planWorkload({ ...input, policy: tight }, solver))
    expect(content.effect.peakCostPerHourUsd).toBeLessThanOrEqual(25)
    expect(steps(content)).toEqual([
      ['owned', 0, 2, 0],
      ['cloud', 6, 4, 1],
    ])
    expect(content.reasons.at(-1)).toMatch(/owned on owned goes to 2 instead of 6: the cost limit/)
  })

  test('stays where it is while telemetry is stale, during the cooldown, or while capacity is on its way', () => {
    const stale = '2026-03-02T08:40:00.000Z'
    expect(held(planWorkload({ ...input, lastSampleAt: stale }, solver))).toMatch(/stale/)
    expect(held(planWorkload({ ...input, lastSampleAt: null }, solver))).toMatch(/not believed/)
    expect(held(planWorkload({ ...input, lastChangeAt: '2026-03-02T08:55:00.000Z' }, solver))).toMatch(
      /cooldown/,
    )
    const underway = workloadOn([{ ...cloud, readyReplicas: 4 }, owned], { forecast: flat(52), policy })
    expect(held(planWorkload(underway, solver))).toMatch(/on its way/)
  })

  test('is not used where the rules keep the workload out', () => {
    const far = { ...owned, domain: { ...owned.domain, region: 'us-east' } }
    expect(held(planWorkload(workloadOn([cloud, far], { forecast: flat(52), policy }), solver))).toMatch(
      /fits|too little/,
    )
    const swiss: RuleInput = {
      name: 'ch',
      enforcement: 'hard-mandatory',
      kind: 'jurisdictions',
      allowed: ['CH'],
    }
    const ruled = workloadOn([cloud, owned], { forecast: flat(52), policy, ruleList: [swiss] })
    expect(held(planWorkload(ruled, solver))).toMatch(/fits|too little/)
  })
})

describe('a surge', () => {
  const ramp = forecastOf(
    Array.from({ length: 60 }, (_, i) => (i < 12 ? 40 : 110)),
    0.05,
  )

  test('is met on the cheapest pool that is ready in time, and nothing falls', () => {
    const content = proposed(planWorkload(workloadOn([cloud, owned], { forecast: ramp, policy }), solver))
    expect(content.direction).toBe('up')
    expect(steps(content).map(([pool]) => pool)).toEqual(['owned'])
    expect(content.effect.sloRiskAfter).toBeLessThan(0.06)
    expect(content.evidence.surge).not.toBeNull()
  })

  test('that comes before the cheap pool could be ready goes to the fast one', () => {
    const soon = forecastOf(
      Array.from({ length: 60 }, (_, i) => (i < 8 ? 40 : i < 16 ? 110 : 50)),
      0.05,
    )
    const slow = {
      ...owned,
      offering: { ...owned.offering, leadTimeP50Seconds: 1_200, leadTimeP90Seconds: 1_500 },
    }
    const content = proposed(planWorkload(workloadOn([cloud, slow], { forecast: soon, policy }), solver))
    expect(steps(content).map(([pool]) => pool)).toEqual(['cloud'])
  })

  test('fills the quota of the edge first and spills what is over', () => {
    const edge = poolNamed('edge', {
      desiredReplicas: 4,
      domain: { kind: 'edge', userLatencyMs: { city: 4 } },
      offering: { pricePerReplicaHourUsd: 4, quotaReplicas: 8 },
    })
    const region = poolNamed('region', {
      desiredReplicas: 2,
      domain: { userLatencyMs: { city: 60 } },
      offering: { pricePerReplicaHourUsd: 3.6 },
    })
    const { workload } = planInput()
    const input = workloadOn([edge, region], {
      forecast: ramp,
      policy,
      workload: { ...workload, objectiveP99Ms: 200, userShares: { city: 1 } },
    })
    const content = proposed(planWorkload(input, solver))
    expect(steps(content).map(([pool, , to]) => [pool, to])).toEqual([
      ['edge', 8],
      ['region', expect.any(Number)],
    ])
    const near = { ...input, workload: { ...input.workload, objectiveP99Ms: 100 } }
    expect(steps(proposed(planWorkload(near, solver))).map(([pool]) => pool)).toEqual(['edge'])
  })

  test('keeps the share of spot that a rule allows', () => {
    const spot = poolNamed('spot', {
      offering: { market: 'spot', pricePerReplicaHourUsd: 1, interruptionRatePerHour: 0.05 },
    })
    const share = { name: 'spot', enforcement: 'hard-mandatory', kind: 'spot-share', maxShare: 0.25 } as const
    const free = proposed(planWorkload(workloadOn([cloud, spot], { forecast: ramp, policy }), solver))
    const ruled = proposed(
      planWorkload(workloadOn([cloud, spot], { forecast: ramp, policy, ruleList: [share] }), solver),
    )
    const on = (content: PlanContent, id: string) =>
      content.actions.find(({ poolId }) => poolId === id)?.toReplicas ?? (id === 'cloud' ? 6 : 0)
    expect(on(free, 'spot') / (on(free, 'spot') + on(free, 'cloud'))).toBeGreaterThan(0.25)
    expect(on(ruled, 'spot') / (on(ruled, 'spot') + on(ruled, 'cloud'))).toBeLessThanOrEqual(0.25)
    expect(ruled.effect.costPerHourUsd).toBeGreaterThan(free.effect.costPerHourUsd)
  })
})

test('rules that cannot all be kept are named, none too many, and nothing gets worse', () => {
  const poor = { ...policy, minReplicas: 10, costLimitPerHourUsd: 20, maxReplicas: 40 }
  const dear = poolNamed('dear', { offering: { pricePerReplicaHourUsd: 5 } })
  const reason = held(planWorkload(workloadOn([cloud, dear], { forecast: flat(40), policy: poor }), solver))
  expect(reason).toMatch(
    /These cannot all be kept: the minimum of 10 replicas of chat-llm; the cost limit of \$20.00\/h of chat-llm\./,
  )
})

test('without a solver the plan is made by local search, and says so', () => {
  const content = proposed(planWorkload(workloadOn([cloud, owned], { forecast: flat(52), policy }), null))
  expect(content.effect.costPerHourUsd).toBeCloseTo(2.4)
  expect(content.reasons.join(' ')).toMatch(/local search/)
})

test('levels that a person chose are staged alike, and fail what they break', () => {
  const input = workloadOn([cloud, owned], {
    forecast: flat(52),
    policy: { ...policy, costLimitPerHourUsd: 25 },
  })
  const content = replanLevels(
    [input],
    [
      { poolId: 'cloud', toReplicas: 0 },
      { poolId: 'owned', toReplicas: 6 },
    ],
  )
  expect(steps(content)).toEqual([
    ['owned', 0, 6, 0],
    ['cloud', 6, 0, 1],
  ])
  expect(content.allowed).toBe(false)
  expect(content.policyResults.filter(({ passed }) => !passed).map(({ rule }) => rule)).toEqual([
    'cost-limit',
  ])
})
