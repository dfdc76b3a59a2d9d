import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Action, PlanContent, PlanInput, PlanOutcome } from './contract.ts'
import { planWorkload } from './coupled/plan-workload.ts'
import { poolNamed, workloadOn } from './coupled/testing/pools.ts'
import { governed } from './governed.ts'
import { inverse } from './inverse.ts'
import { withNodes } from './nodes.ts'
import { project } from './safety/project.ts'
import { everyMoment } from './safety/testing/every-moment.ts'
import { forecastOf, testPolicy } from './testing/plan-input.ts'

const flat = (level: number) =>
  forecastOf(
    Array.from({ length: 60 }, () => level),
    0.05,
  )
type Change = Partial<Omit<PlanInput, 'rules'>>

/** Replicas of 10 req/s, four on a node of $6. */
function fleet(replicas: number, nodes: number, change: Change = {}, quota = 12): PlanInput {
  const pods = poolNamed('pods', { desiredReplicas: replicas, offering: { pricePerReplicaHourUsd: 0.01 } })
  const machines = poolNamed('nodes', {
    ...{ control: 'nodes', governsPoolId: 'pods', replicasPerNode: 4, desiredReplicas: nodes },
    offering: {
      pricePerReplicaHourUsd: 6,
      leadTimeP50Seconds: 180,
      leadTimeP90Seconds: 300,
      quotaReplicas: quota,
    },
  })
  return workloadOn(governed([pods, machines]), { policy: { ...testPolicy, maxStepUp: 30 }, ...change })
}
function proposed(outcome: PlanOutcome): PlanContent {
  if (outcome.kind !== 'propose') throw new Error(outcome.reason)
  return outcome.content
}
const steps = (actions: readonly Action[] | null | undefined) =>
  actions?.map(({ kind, fromReplicas, toReplicas, stage }) => [kind, fromReplicas, toReplicas, stage])

describe('replicas on nodes', () => {
  test('that do not hold what a surge asks for get nodes first, in one plan with its way back', () => {
    const content = proposed(planWorkload(fleet(8, 2, { forecast: flat(120) }), null))
    expect(steps(content.actions)).toEqual([
      ['allocate', 2, 4, 0],
      ['scale', 8, 13, 1],
    ])
    expect(steps(content.inverse)).toEqual([
      ['scale', 13, 8, 0],
      ['allocate', 4, 2, 1],
    ])
    expect(content).toMatchObject({ direction: 'up', purpose: 'capacity', allowed: true })
    expect(content.effect).toMatchObject({ costPerHourUsd: 24, costChangePerHourUsd: 12 })
    const readySeconds = (Date.parse(content.effect.readyAtP50) - Date.parse(fleet(8, 2).now)) / 1_000
    expect(readySeconds).toBe(180 + 120)
    expect(content.evidence.provisioningLeadSeconds).toBe(300 + 240)
    expect(content.summary).toContain('2 → 4 nodes on nodes')
    expect(content.policyResults.find(({ rule }) => rule === 'node-room')?.passed).toBe(true)
  })

  test('with room for it are scaled alone, for nothing', () => {
    const content = proposed(planWorkload(fleet(8, 4, { forecast: flat(120) }), null))
    expect(steps(content.actions)).toEqual([['scale', 8, 13, undefined]])
    expect(content.effect.costChangePerHourUsd).toBe(0)
  })

  test('get as many as the nodes of the quota hold', () => {
    const content = proposed(planWorkload(fleet(8, 2, { forecast: flat(120) }, 3), null))
    expect(steps(content.actions)).toEqual([
      ['allocate', 2, 3, 0],
      ['scale', 8, 12, 1],
    ])
  })

  test('fall alone; what stands empty is given back once the cooldown is over', () => {
    const fall = proposed(planWorkload(fleet(12, 3, { forecast: flat(60) }), null))
    expect(steps(fall.actions)).toEqual([['scale', 12, 8, undefined]])
    const at = (minutes: number) => new Date(Date.parse(fleet(8, 3).now) - minutes * 60_000).toISOString()
    const soon = planWorkload(fleet(8, 3, { forecast: flat(68), lastChangeAt: at(5) }), null)
    expect(soon.kind).toBe('hold')
    const later = proposed(planWorkload(fleet(8, 3, { forecast: flat(68), lastChangeAt: at(11) }), null))
    expect(steps(later.actions)).toEqual([['allocate', 3, 2, undefined]])
    expect(later).toMatchObject({ direction: 'down', allowed: true })
    expect(later.effect.costChangePerHourUsd).toBe(-6)
  })

  test.each<[string, Change]>([
    ['on stale telemetry', { lastSampleAt: '2026-03-02T08:40:00.000Z' }],
    ['while a rise waits', { riseWaits: true }],
    [
      'that the forecast will need',
      { forecast: flat(77), policy: { ...testPolicy, surgeProbability: 0.95 } },
    ],
  ])('are not given back %s', (_, change) => {
    expect(planWorkload(fleet(8, 3, { forecast: flat(68), ...change }), null).kind).toBe('hold')
  })
})

const level = (max: number) => fc.integer({ min: 0, max })

test('whatever is wanted: room, budget and order hold at every moment, there and back, and the way back restores', () => {
  let both = 0
  const any = fc.record({
    ...{ replicas: level(30), nodes: level(10), to: level(48), quota: level(14) },
    ...{ maxStepUp: fc.integer({ min: 1, max: 40 }), costLimitPerHourUsd: fc.integer({ min: 6, max: 90 }) },
    giveBack: fc.option(level(10), { nil: undefined }),
  })
  fc.assert(
    fc.property(any, ({ replicas, nodes, to, quota, maxStepUp, costLimitPerHourUsd, giveBack }) => {
      const policy = { ...testPolicy, minReplicas: 0, maxStepUp, maxStepDown: 40, costLimitPerHourUsd }
      const input = fleet(replicas, nodes, { policy }, quota)
      const asked = [{ poolId: 'pods', toReplicas: to }]
      const wanted = giveBack === undefined ? asked : [...asked, { poolId: 'nodes', toReplicas: giveBack }]
      const { actions } = project([input], withNodes([input], wanted))
      const pools = [input.capacity, ...input.otherPools]
      const over = (levels: ReadonlyMap<string, number>) =>
        (levels.get('pods') ?? 0) - 4 * (levels.get('nodes') ?? 0)
      const present = replicas - 4 * nodes
      const there = everyMoment(pools, actions)
      for (const levels of there) {
        expect(over(levels)).toBeLessThanOrEqual(Math.max(0, present))
        expect(6 * (levels.get('nodes') ?? 0)).toBeLessThanOrEqual(Math.max(costLimitPerHourUsd, 6 * nodes))
      }
      const after = pools.map((pool) => ({
        ...pool,
        desiredReplicas:
          actions.find(({ poolId }) => poolId === pool.poolId)?.toReplicas ?? pool.desiredReplicas,
      }))
      const back = everyMoment(after, inverse(actions) ?? [])
      const seen = there.map((levels) => JSON.stringify([...levels]))
      for (const levels of back) expect(seen).toContain(JSON.stringify([...levels]))
      expect(Object.fromEntries(back.at(-1) ?? [])).toEqual({ pods: replicas, nodes })
      const [rise, allocated] = ['scale', 'allocate'].map((kind) =>
        actions.find((action) => action.kind === kind && action.toReplicas > action.fromReplicas),
      )
      if (!rise || !allocated) return
      both++
      if (rise.toReplicas > 4 * nodes) expect(allocated.stage ?? 0).toBeLessThan(rise.stage ?? 0)
    }),
    { numRuns: 300, seed: 11 },
  )
  expect(both).toBeGreaterThan(15)
})
