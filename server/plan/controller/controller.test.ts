import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PoolTerms } from '../dynamics/terms.ts'
import { advisedLevel } from './advised-level.ts'
import { PoolController } from './controller.ts'
import { BUDGET_STEPS, chargeGuard, freshGuard, guardView } from './guard.ts'
import { type ClosedStep, type ControllerOptions, controllerState, type DemandQuantiles } from './state.ts'

const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]
const SPREADS = [0.7, 0.9, 1, 1.1, 1.25, 1.35, 1.6]
const BASE: PoolTerms = {
  stepSeconds: 60,
  capacityPerReplica: 2,
  minReplicas: 1,
  maxReplicas: 60,
  pricePerReplicaHour: 1,
  leadTimeSeconds: 180,
  leadSeed: 1,
  approvalDelaySeconds: 0,
  removeDelaySeconds: 0,
  penaltyPerReplicaHourShort: 20,
  shortfallUtilisation: 0.85,
  startCost: 0,
  removeCost: 0,
}
const LATENCY = { serviceTimeSeconds: 2, sloP99Seconds: 3, arrivalScv: 1, serviceScv: 1 }

function optionsOf(changes: Partial<PoolTerms> = {}, initialReplicas = 10): ControllerOptions {
  const terms = { ...BASE, ...changes }
  const { capacityPerReplica, stepSeconds } = terms
  return { terms, latency: { ...LATENCY, capacityPerReplica, stepSeconds }, initialReplicas }
}

/** A plain forecast: the last value, wider from lead to lead. */
function naive(demand: number, leads = 6): DemandQuantiles {
  return {
    levels: LEVELS,
    leads: Array.from({ length: leads }, (_, j) =>
      SPREADS.map((spread) => demand * (1 + (spread - 1) * Math.sqrt(j + 1))),
    ),
  }
}

const closed = (demand: number, more: Partial<ClosedStep> = {}): ClosedStep => ({
  demand,
  gap: false,
  forecast: naive(demand),
  ...more,
})

/** What was asked for after each of some demands. */
function decisionsOf(controller: PoolController, demands: readonly number[]): (number | null)[] {
  return demands.map((demand) => {
    controller.advance(closed(demand))
    return controller.desired()
  })
}

const demands = (length: number) =>
  fc.array(fc.double({ min: 0, max: 90, noNaN: true }), { minLength: length, maxLength: length })

describe('whatever demand does', () => {
  test('the position asked for is whole and within the bounds', () => {
    const terms = fc.record({
      minReplicas: fc.integer({ min: 1, max: 5 }),
      maxReplicas: fc.integer({ min: 5, max: 60 }),
      approvalDelaySeconds: fc.constantFrom(0, 90, 600),
      removeDelaySeconds: fc.constantFrom(0, 120),
      leadTimeSeconds: fc.constantFrom(0, 60, 300, [60, 120, 900]),
      startCost: fc.constantFrom(0, 0.2),
      removeCost: fc.constantFrom(0, 0.1),
      penaltyPerReplicaHourShort: fc.constantFrom(1.5, 20, 100),
    })
    fc.assert(
      fc.property(
        terms,
        demands(40),
        fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        (t, d, gaps) => {
          const controller = new PoolController(optionsOf(t))
          for (const [k, demand] of d.entries()) {
            const gap = gaps[k] === true && k > 0
            const forecast = k < 3 || gap ? null : naive(demand, 4)
            controller.advance({ demand, gap, forecast })
            const desired = controller.desired() ?? Number.NaN
            expect(Number.isInteger(desired)).toBe(true)
            expect(desired).toBeGreaterThanOrEqual(t.minReplicas)
            expect(desired).toBeLessThanOrEqual(t.maxReplicas)
          }
          const { candidates } = controller.advice()
          expect(candidates.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12)
        },
      ),
      { numRuns: 25 },
    )
  })

  test('what comes later changes no decision before it', () => {
    fc.assert(
      fc.property(demands(60), demands(60), fc.integer({ min: 1, max: 59 }), (one, other, from) => {
        const changed = [...one.slice(0, from), ...other.slice(from)]
        const before = decisionsOf(new PoolController(optionsOf()), one).slice(0, from)
        expect(decisionsOf(new PoolController(optionsOf()), changed).slice(0, from)).toEqual(before)
      }),
      { numRuns: 10 },
    )
  })

  test('a controller goes on from its saved state byte for byte', () => {
    fc.assert(
      fc.property(demands(80), fc.integer({ min: 0, max: 80 }), (all, at) => {
        const options = optionsOf({ leadTimeSeconds: [60, 200, 400], removeDelaySeconds: 120 })
        const whole = new PoolController(options)
        const expected = decisionsOf(whole, all)
        const first = new PoolController(options)
        const start = decisionsOf(first, all.slice(0, at))
        const saved = controllerState.parse(JSON.parse(JSON.stringify(first)))
        const rest = new PoolController(options, saved)
        expect(rest.desired()).toBe(first.desired())
        expect([...start, ...decisionsOf(rest, all.slice(at))]).toEqual(expected)
        expect(JSON.stringify(rest)).toBe(JSON.stringify(whole))
        expect(JSON.stringify(rest.advice())).toBe(JSON.stringify(whole.advice()))
      }),
      { numRuns: 10 },
    )
  })
})

test('a candidate that a saved state does not know begins where the plan is', () => {
  const first = new PoolController(optionsOf())
  decisionsOf(first, [20, 25, 30])
  const { candidates, ...rest } = first.toJSON()
  const fewer = candidates.filter(({ name }) => !name.startsWith('level'))
  const guard = { ...rest.guard, reactive: 'gone' }
  const second = new PoolController(optionsOf(), { ...rest, guard, candidates: fewer })
  const known = second.toJSON()
  expect(known.candidates.map(({ name }) => name)).toEqual(candidates.map(({ name }) => name))
  expect(known.candidates.find(({ name }) => name === 'level-1')?.pool).toEqual(rest.plan)
  expect(known.candidates.map(({ name }) => name)).toContain(known.guard.reactive)
  expect(second.desired()).not.toBeNull()
})

test('no forecast and no step to decide in: nothing is asked for', () => {
  const controller = new PoolController(optionsOf())
  expect(controller.desired()).toBeNull()
  controller.advance(closed(20, { decides: false }))
  expect(controller.desired()).toBeNull()
  expect(controller.advice().reasons.length).toBeGreaterThan(0)
})

test('candidates that a wrong forecast ruins lose their say to the autoscalers', () => {
  const controller = new PoolController(optionsOf())
  for (let k = 0; k < 1_500; k++) {
    const demand = 40 + 8 * Math.sin(k / 30)
    controller.advance({ demand, gap: false, forecast: naive(demand / 5) })
  }
  const { candidates } = controller.advice()
  const reactive = candidates.filter(({ name }) => name.startsWith('hpa'))
  expect(reactive.reduce((sum, { weight }) => sum + weight, 0)).toBeGreaterThan(0.95)
  expect(controller.desired()).toBeGreaterThan(20)
})

describe('the guard', () => {
  const stepCost = 10
  const run = (guard: ReturnType<typeof freshGuard>, from: number, steps: number, planCost: number) => {
    for (let k = 1; k <= steps; k++) chargeGuard(guard, from + k, planCost, stepCost)
  }

  test('leaves control with a plan that is a little dearer', () => {
    const guard = freshGuard('hpa-0.7-300')
    run(guard, 0, 5_000, stepCost * 1.019)
    expect(guardView(guard, 'an autoscaler')).toMatchObject({ control: 'plan', sinceStep: 0 })
  })

  test('hands control to the autoscaler past its tolerance and the start budget, and back once it is earned', () => {
    const guard = freshGuard('hpa-0.7-300')
    run(guard, 0, 500, stepCost * 1.2)
    const view = guardView(guard, 'an autoscaler at 70%')
    expect(view.control).toBe('reactive')
    // 0.2 − 0.02 of a step's cost is lost a step, so the budget of 20 steps lasts for about 20 / 0.18 of them.
    expect(view.sinceStep).toBeGreaterThan(BUDGET_STEPS / 0.18)
    expect(view.sinceStep).toBeLessThan((BUDGET_STEPS / 0.18) * 1.15)
    expect(view.reason).toMatch(
      /autoscaler is in control since step \d+.*% more lately than an autoscaler at 70%/,
    )
    run(guard, 500, 20, stepCost)
    expect(guard.control).toBe('reactive')
    run(guard, 520, 400, stepCost * 0.8)
    expect(guard).toMatchObject({ control: 'plan' })
    expect(guard.sinceStep).toBeGreaterThan(520)
  })
})

test('advice takes the place of the one quantile after a day, no further than the cheaper and the safer plan', () => {
  const controller = new PoolController(optionsOf())
  for (let k = 0; k < 300; k++) controller.advance(closed(10))
  const advice = controller.advice()
  const desired = advice.desired ?? Number.NaN
  const now = { wanted: 30, less: desired - 2, more: 40, stepSeconds: 300 }
  expect(desired).toBeLessThan(30)
  expect(advisedLevel(now, advice)).toBe(desired)
  expect(advisedLevel({ ...now, less: desired + 3 }, advice)).toBe(desired + 3)
  expect(advisedLevel({ ...now, wanted: 1, less: 1, more: 2 }, advice)).toBe(Math.min(desired, 2))
  expect(advisedLevel({ ...now, stepSeconds: 60 }, advice)).toBeNull()
  expect(advisedLevel(now, null)).toBeNull()
})
