import { describe, expect, test } from 'vitest'
import { waitingCostUsd } from './contract.ts'
import { replan } from './plan-pool.ts'
import { expectedExcess, expectedRegretUsd } from './regret.ts'
import { forecastOf, planInput, testPolicy } from './testing/plan-input.ts'

const flat = (demand: number) => forecastOf(Array.from({ length: 60 }, () => demand))
const levels = [0.1, 0.5, 0.9]

describe('what demand is expected to pass a capacity by', () => {
  test('is the mean of what lies above it', () => {
    // Q is 20, 40, 60 at 10, 50 and 90%: mean 0.1·20 + 0.4·30 + 0.4·50 + 0.1·60.
    expect(expectedExcess({ levels }, { values: [20, 40, 60] }, 0)).toBeCloseTo(40, 10)
    expect(expectedExcess({ levels }, { values: [20, 40, 60] }, 60)).toBe(0)
    // A triangle of half the upper interval, 0.2 · 10 / 2, and the last tenth at 10.
    expect(expectedExcess({ levels }, { values: [20, 40, 60] }, 50)).toBeCloseTo(2, 10)
  })

  test('of demand that is certain is what is short', () => {
    expect(expectedExcess({ levels }, { values: [30, 30, 30] }, 10)).toBeCloseTo(20, 10)
  })
})

describe('the regret of never acting', () => {
  test('grows with what would be short, and with what that costs', () => {
    const regret = (demand: number, penaltyRatio = 20) =>
      expectedRegretUsd(
        replan(planInput({ forecast: flat(demand), policy: { ...testPolicy, penaltyRatio } }), 12),
      )
    expect(regret(70)).toBeGreaterThan(0)
    expect(regret(100)).toBeGreaterThan(regret(70))
    expect(regret(100, 40)).toBeGreaterThan(2 * regret(100))
  })

  test('is below zero where a rise is for nothing, by what the rise costs', () => {
    const content = replan(planInput({ forecast: flat(10) }), 8)
    const hours = content.evidence.planningSpanSeconds / 3_600
    expect(expectedRegretUsd(content)).toBeCloseTo(-2 * 2 * hours, 6)
  })

  test('of a fall is what it saves, less what may then be short', () => {
    const safe = replan(planInput({ forecast: flat(10) }), 4)
    const hours = safe.evidence.planningSpanSeconds / 3_600
    expect(expectedRegretUsd(safe)).toBeCloseTo(2 * 2 * hours, 6)
    expect(expectedRegretUsd(replan(planInput({ forecast: flat(58) }), 4))).toBeLessThan(0)
  })

  test('counts what is added from when it is ready', () => {
    const input = planInput({ forecast: flat(100) })
    const late = expectedRegretUsd(replan(input, 12))
    const at = replan(input, 12)
    const instant = expectedRegretUsd({
      ...at,
      effect: { ...at.effect, readyAtP90: input.now },
    })
    expect(instant).toBeGreaterThan(late)
  })
})

describe('what waiting costs', () => {
  const actBy = '2026-03-02T10:00:00.000Z'
  const at = (minutesLeft: number) => Date.parse(actBy) - minutesLeft * 60_000
  const waiting = { regretUsd: 100, decideSeconds: 600, actBy }

  test('grows tenfold with every p90 of deciding that passes, to the regret itself', () => {
    expect(waitingCostUsd(waiting, at(20))).toBeCloseTo(1, 10)
    expect(waitingCostUsd(waiting, at(10))).toBeCloseTo(10, 10)
    expect(waitingCostUsd(waiting, at(0))).toBe(100)
    expect(waitingCostUsd(waiting, at(-30))).toBe(100)
  })

  test('puts much at stake later before little at stake sooner, and is nothing where nobody loses', () => {
    expect(waitingCostUsd({ ...waiting, regretUsd: 5_000 }, at(15))).toBeGreaterThan(
      waitingCostUsd(waiting, at(5)),
    )
    expect(waitingCostUsd({ ...waiting, regretUsd: -3 }, at(1))).toBe(0)
  })

  test('of people who decide at once is still finite', () => {
    expect(waitingCostUsd({ ...waiting, decideSeconds: 0 }, at(1))).toBeCloseTo(10, 10)
  })
})
