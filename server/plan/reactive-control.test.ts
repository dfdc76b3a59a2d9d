import { expect, test } from 'vitest'
import type { ControllerAdvice, PlanInput } from './contract.ts'
import { planPool } from './plan-pool.ts'
import { forecastOf, planInput } from './testing/plan-input.ts'

const reason = 'The autoscaler is in control since step 90.'

function under(control: 'plan' | 'reactive', desired: number): Partial<PlanInput> {
  const guard = {
    ...{ control, sinceStep: 90, reactive: 'hpa-70', planCost: 3, reactiveCost: 2 },
    ...{ tolerance: 0.02, budget: 0.1, reason },
  }
  const controller: ControllerAdvice = { desired, candidates: [], guard, reasons: [] }
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

test('while the plan is in control the autoscaler changes nothing', () => {
  const input = planInput({ forecast: forecastOf(Array.from({ length: 60 }, (_, i) => 40 + i)) })
  const outcomes = [input, { ...input, ...under('plan', 9) }].map(planPool)
  const [alone, beside] = outcomes.map((outcome) => (outcome.kind === 'propose' ? outcome.content : null))
  expect(alone?.actions).toHaveLength(1)
  expect(beside).toMatchObject({ actions: alone?.actions, summary: alone?.summary, reasons: alone?.reasons })
})
