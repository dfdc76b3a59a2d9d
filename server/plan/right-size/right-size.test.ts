import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CapacitySnapshot, PlanInput } from '../contract.ts'
import { poolNamed, workloadOn } from '../coupled/testing/pools.ts'
import { governed } from '../governed.ts'
import { replanSaga } from '../saga/replan-saga.ts'
import { forecastOf } from '../testing/plan-input.ts'
import { planRightSize } from './plan-right-size.ts'
import { type SizedStep, sizeUse } from './size-use.ts'

const pods = poolNamed('pods', { desiredReplicas: 6, offering: { pricePerReplicaHourUsd: 2 } })
const sizeOf = (percent: number) =>
  poolNamed('size', { control: 'size', governsPoolId: 'pods', desiredReplicas: percent })
const inputAt = (
  percent: number,
  change: Partial<Omit<PlanInput, 'rules'>> = {},
  others: CapacitySnapshot[] = [],
) => workloadOn(governed([pods, sizeOf(percent), ...others]), change)

/** Steps of six replicas of 10 req/s, five minutes each, that end as the plan is made. */
function measured(count: number, of: (i: number) => Partial<SizedStep> = () => ({})): SizedStep[] {
  const end = Date.parse('2026-03-02T09:00:00.000Z')
  return Array.from({ length: count }, (_, i) => ({
    atMs: end - (count - i) * 300_000,
    ...{ demand: 48, readyReplicas: 6, latencyP99Ms: 400, tokensPerSecond: null },
    ...{ utilisation: 0.32, memoryShare: 0.35 },
    ...of(i),
  }))
}
const day = 400
const useOf = (steps: SizedStep[]) => sizeUse(steps, pods)

describe('a replica that requests more than it uses', () => {
  const outcome = planRightSize(inputAt(100), useOf(measured(day)))
  if (outcome?.kind !== 'propose') throw new Error(outcome?.reason)
  const { content } = outcome

  test('is proposed one size smaller, with what that saves and how it is taken back', () => {
    expect(content).toMatchObject({
      purpose: 'right-size',
      direction: 'down',
      allowed: true,
      actions: [{ kind: 'right-size', targetName: 'size', fromReplicas: 100, toReplicas: 75 }],
      inverse: [{ kind: 'right-size', fromReplicas: 75, toReplicas: 100 }],
    })
    expect(content.effect.costChangePerHourUsd).toBeCloseTo(-6 * 2 * 0.25)
    expect(content.effect.costPerHourUsd).toBeCloseTo(6 * 2 * 0.75)
    expect(content.effect.sloRiskAfter).toBe(content.effect.sloRiskBefore)
    expect(content.alternatives[0]).toMatchObject({ kind: 'do-nothing', actions: [] })
    expect(content.reasons.join(' ')).toMatch(/40% of its hardware busy and 35% of its memory/)
  })

  test('says by how much it was measured, and how often the new size would have held', () => {
    const { size } = content.evidence
    expect(size).toMatchObject({ size: 100, steps: day, heldShare: 1 })
    expect(size?.busiest).toBeCloseTo(0.32 / 0.8)
    expect(size?.leavesFree).toBeCloseTo(1 - 0.4 / 0.75)
    expect(content.confidence).toBe(1)
    expect(Date.parse(content.expiresAt)).toBeGreaterThan(Date.parse(inputAt(100).now) + 6 * 86_400_000)
    expect(replanSaga({ own: inputAt(100), others: [] }, content).evidence.size).toEqual(size)
  })
})

test('idle replicas make none look small', () => {
  const steps = measured(day, () => ({ demand: 30, utilisation: 0.34 }))
  expect(useOf(steps)?.busiest).toBeCloseTo(0.68)
  expect(planRightSize(inputAt(100), useOf(steps))).toMatchObject({ kind: 'hold' })
  expect(useOf(measured(day, () => ({ demand: 20 })))).toBeNull()
})

describe('nothing is made smaller', () => {
  const surge = forecastOf(Array.from({ length: 60 }, () => 90))
  test.each<[string, PlanInput]>([
    ['on stale telemetry', inputAt(100, { lastSampleAt: '2026-03-02T08:40:00.000Z' })],
    ['on telemetry that is not believed', inputAt(100, { lastSampleAt: null })],
    ['in the cooldown', inputAt(100, { lastChangeAt: '2026-03-02T08:55:00.000Z' })],
    ['while a rise waits', inputAt(100, { riseWaits: true })],
    ['before a surge', inputAt(100, { forecast: surge })],
    ['while capacity is on its way', workloadOn(governed([{ ...pods, readyReplicas: 4 }, sizeOf(100)]))],
    ['while a size is on its way', workloadOn(governed([pods, { ...sizeOf(100), readyReplicas: 90 }]))],
  ])('%s, and what waits stays', (_, input) => {
    expect(planRightSize(input, useOf(measured(day)))).toBeNull()
  })

  test('by too few steps, by less than a day, or without a measure of memory', () => {
    expect(planRightSize(inputAt(100), useOf(measured(120)))).toBeNull()
    expect(planRightSize(inputAt(100), useOf(measured(250)))).toBeNull()
    expect(planRightSize(inputAt(100), useOf(measured(day, () => ({ memoryShare: null }))))).toBeNull()
  })

  test('where the replicas are paid with their nodes, or several pools are measured together', () => {
    const nodes = poolNamed('nodes', { control: 'nodes', governsPoolId: 'pods', replicasPerNode: 3 })
    const use = useOf(measured(day))
    expect(planRightSize(inputAt(100, {}, [nodes]), use)).toMatchObject({ kind: 'hold' })
    expect(planRightSize(inputAt(100, {}, [poolNamed('more')]), use)).toMatchObject({ kind: 'hold' })
  })
})

test('what is tight at a smaller size gets the larger one, soon and whatever the telemetry’s age', () => {
  const steps = measured(24, () => ({ utilisation: 0.78, memoryShare: 0.99 }))
  const outcome = planRightSize(inputAt(50, { riseWaits: true }), useOf(steps))
  expect(outcome).toMatchObject({
    kind: 'propose',
    content: { direction: 'up', actions: [{ fromReplicas: 50, toReplicas: 75 }] },
  })
  expect(planRightSize(inputAt(100), useOf(steps))?.kind).toBe('hold')
})

test('whatever was measured, a smaller size leaves a fifth free in all but a hundredth of the steps', () => {
  let count = 0
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 })), {
        minLength: 300,
        maxLength: 320,
      }),
      fc.constantFrom(25, 50, 75, 100),
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      (values, percent, scale) => {
        const steps = measured(values.length, (i) => {
          const [busy = 0, full = 0] = values[i] ?? []
          return { demand: 60, utilisation: (scale * busy) / 100, memoryShare: (scale * full) / 100 }
        })
        const outcome = planRightSize(inputAt(percent), useOf(steps))
        if (outcome?.kind !== 'propose' || outcome.content.direction !== 'down') return
        count++
        const to = outcome.content.actions[0]?.toReplicas ?? 0
        expect(percent - to).toBe(25)
        const over = steps.filter(
          ({ utilisation, memoryShare }) => Math.max(utilisation ?? 0, memoryShare ?? 0) * percent > 0.8 * to,
        )
        expect(over.length).toBeLessThanOrEqual(0.021 * steps.length)
      },
    ),
    { numRuns: 80, seed: 3 },
  )
  expect(count).toBeGreaterThan(5)
})
