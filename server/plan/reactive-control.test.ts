import { expect, test } from 'vitest'
import { lessQuantile, moreQuantile, replicasAt, servedQuantile } from './base-stock.ts'
import type { ControllerAdvice, PlanInput } from './contract.ts'
import { planPool } from './plan-pool.ts'
import { forecastOf, planInput, testPolicy } from './testing/plan-input.ts'

const reason = 'The autoscaler is in control since step 90.'

function under(control: 'plan' | 'reactive', desired: number, steps = 90): Partial<PlanInput> {
  const guard = {
    ...{ control, sinceStep: 90, reactive: 'hpa-70', planCost: 3, reactiveCost: 2 },
    ...{ tolerance: 0.02, budget: 0.1, reason },
  }
  const controller: ControllerAdvice = { desired, candidates: [], guard, steps, reasons: [] }
  return { controller }
}
const calm = forecastOf(Array.from({ length: 60 }, () => 40))

test('while the autoscaler is in control its level is proposed, and the proposal says so', () => {
  const outcome = planPool(planInput({ forecast: calm, ...under('reactive', 9) }))
  if (outcome.kind === 'hold') throw new Error(outcome.reason)
  const { content } = outcome
  expect(content.actions[0]).toMatchObject({ fromReplicas: 6, toReplicas: 9 })
  expect(content.summary).toContain('as the autoscaler asks, which is in control')
  expect(content.reasons[0]).toBe(reason)
  expect(content.evidence.controller?.guard.control).toBe('reactive')
})

test('its level keeps the bounds, and what it gives back waits for the same as any fall', () => {
  const far = planPool(planInput({ forecast: calm, ...under('reactive', 500) }))
  expect(far).toMatchObject({ kind: 'propose', content: { effect: { replicas: 16 } } })
  const down = planInput({ forecast: calm, ...under('reactive', 3) })
  expect(planPool(down)).toMatchObject({ kind: 'propose', content: { direction: 'down' } })
  expect(planPool({ ...down, lastSampleAt: null })).toMatchObject({ kind: 'hold' })
  expect(planPool(planInput(under('reactive', 6)))).toMatchObject({
    kind: 'hold',
    reason: expect.stringContaining('The autoscaler is in control'),
  })
})

test('while the plan is in control a young controller changes nothing', () => {
  const input = planInput({ forecast: forecastOf(Array.from({ length: 60 }, (_, i) => 40 + i)) })
  const outcomes = [input, { ...input, ...under('plan', 9) }].map(planPool)
  const [alone, beside] = outcomes.map((outcome) => (outcome.kind === 'propose' ? outcome.content : null))
  expect(alone?.actions).toHaveLength(1)
  expect(beside).toMatchObject({ actions: alone?.actions, summary: alone?.summary, reasons: alone?.reasons })
})

test('a controller that has seen a day sets the level of a rise, within the cheaper and the safer plan', () => {
  const forecast = forecastOf(Array.from({ length: 60 }, (_, i) => 100 + 4 * i))
  const policy = { ...testPolicy, maxStepUp: 50, maxReplicas: 60, costLimitPerHourUsd: 1_000 }
  const input = planInput({ forecast, policy })
  const [less, served, more] = [lessQuantile, servedQuantile(input), moreQuantile].map((quantile) =>
    replicasAt(input, quantile),
  )
  const rise = (desired: number) => {
    const outcome = planPool({ ...input, ...under('plan', desired, 1_440) })
    if (outcome.kind === 'hold') throw new Error(outcome.reason)
    return outcome.content
  }
  expect(new Set([less, served, more]).size).toBe(3)
  expect(rise(2).effect.replicas).toBe(less)
  expect(rise(500).effect.replicas).toBe(more)
  const said = `${more} replicas are asked for instead of the ${served} of that quantile`
  expect(rise(500).reasons.join(' ')).toContain(said)
  expect(rise(served ?? 0).reasons.join(' ')).not.toContain('instead of')
})
