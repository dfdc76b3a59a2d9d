import { describe, expect, test } from 'vitest'
import { seededRandom } from '../kernel/rng.ts'
import type { PlanContent, PlanInput } from './contract.ts'
import { planPool, replan } from './plan-pool.ts'
import { forecastOf, planInput, testCapacity, testPolicy } from './testing/plan-input.ts'

const ramp = forecastOf(Array.from({ length: 60 }, (_, i) => 40 + i))
const low = forecastOf(Array.from({ length: 60 }, () => 15))

function proposed(input: PlanInput): PlanContent {
  const outcome = planPool(input)
  if (outcome.kind === 'hold') throw new Error(`held: ${outcome.reason}`)
  return outcome.content
}

function held(input: PlanInput): string {
  const outcome = planPool(input)
  if (outcome.kind === 'propose') throw new Error(`proposed: ${outcome.content.summary}`)
  return outcome.reason
}

test.each([Number.NaN, Number.POSITIVE_INFINITY])('a forecast of %s is said to be none', (value) => {
  expect(held(planInput({ forecast: forecastOf([40, value, 40]) }))).toMatch(
    /^The forecast for .* holds a value that is not a finite number/,
  )
})

test.each([1e-310, 0, Number.NaN, 1e13])(
  'a replica that serves %s is not counted with',
  (capacityPerReplica) => {
    const capacity = { ...testCapacity, capacityPerReplica }
    expect(held(planInput({ capacity }))).toBe(
      `One replica is said to serve ${capacityPerReplica} req/s; it must be 0.000001 to 1000000000000.`,
    )
  },
)

describe('a surge', () => {
  test('is met at the served quantile, with cost, risk and deadline', () => {
    const content = proposed(planInput({ forecast: ramp }))
    expect(content.direction).toBe('up')
    expect(content.actions).toHaveLength(1)
    const to = content.actions[0]?.toReplicas ?? 0
    // Span: 240 s lead + 300 s approval + 600 s hold = 19 min; median at the last whole minute 59, its 95% quantile 59 · 1.16 = 68.4.
    expect(content.evidence.demandAtQuantile).toBeCloseTo(59 * 1.16, 6)
    expect(to).toBe(7)
    expect(content.effect.costChangePerHourUsd).toBe(2)
    expect(content.effect.carbonChangeGPerHour).toBe(100)
    expect(content.effect.sloRiskAfter).toBeLessThan(content.effect.sloRiskBefore)
    expect(content.effect.sloRiskAfter).toBeLessThanOrEqual(0.05)
    const surgeStart = Date.parse(content.evidence.surge?.startsAt ?? '')
    expect(Date.parse(content.actBy)).toBe(surgeStart - 240_000)
    expect(content.allowed).toBe(true)
  })

  test('that waits is not taken back while its chance wavers, and is when that is gone', () => {
    // Capacity 60: the last lead of the span passes it with some 30%.
    const wavering = forecastOf(Array.from({ length: 60 }, (_, i) => 37 + i))
    const asked = (surgeProbability: number, riseWaits: boolean) =>
      planInput({ forecast: wavering, policy: { ...testPolicy, surgeProbability }, riseWaits })
    expect(held(asked(0.45, false))).toContain('fits the forecast')
    expect(proposed(asked(0.45, true)).direction).toBe('up')
    expect(held(asked(0.8, true))).toContain('fits the forecast')
  })

  test('offers doing nothing and another level', () => {
    const { alternatives, actions } = proposed(planInput({ forecast: ramp }))
    expect(alternatives[0]).toMatchObject({ kind: 'do-nothing', actions: [] })
    expect(alternatives.length).toBeGreaterThanOrEqual(2)
    expect(alternatives.map((a) => a.effect.replicas)).not.toContain(actions[0]?.toReplicas)
  })

  test.each([
    ['maximum', { maxReplicas: 7 }, 7, /maximum of 7/],
    ['step', { maxStepUp: 1 }, 7, /step limit of \+1/],
    ['cost', { costLimitPerHourUsd: 15 }, 7, /cost limit/],
  ])('is held to the %s bound, and says so', (_, bound, level, words) => {
    const steep = forecastOf(Array.from({ length: 60 }, (_x, i) => 40 + 5 * i))
    const content = proposed(planInput({ forecast: steep, policy: { ...testPolicy, ...bound } }))
    expect(content.effect.replicas).toBe(level)
    expect(content.reasons.join(' ')).toMatch(words)
  })

  test('in a forbidden region is not proposed', () => {
    const policy = { ...testPolicy, allowedRegions: ['us-east'] }
    expect(held(planInput({ forecast: ramp, policy }))).toMatch(
      /Allowed regions: eu-west breaks the bound: us-east/,
    )
  })

  test('is met even when telemetry is stale', () => {
    expect(proposed(planInput({ forecast: ramp, lastSampleAt: '2026-03-02T08:40:00.000Z' })).direction).toBe(
      'up',
    )
  })
})

describe('excess', () => {
  test('is given back to what the whole forecast needs, within the step', () => {
    const content = proposed(planInput({ forecast: low }))
    expect(content.direction).toBe('down')
    expect(content.effect.replicas).toBe(2)
    expect(content.effect.costChangePerHourUsd).toBe(-8)
    expect(content.confidence).toBeGreaterThan(0.9)
  })

  test('stays when telemetry is stale', () => {
    expect(held(planInput({ forecast: low, lastSampleAt: '2026-03-02T08:40:00.000Z' }))).toMatch(/stale/)
  })

  test('stays when the newest telemetry is not believed', () => {
    expect(held(planInput({ forecast: low, lastSampleAt: null }))).toMatch(/not believed/)
  })

  test('stays when only a team’s own forecaster sees it', () => {
    const { leads: own } = forecastOf(Array.from({ length: 60 }, () => 48))
    expect(held(planInput({ forecast: { ...low, own } }))).toMatch(/fits/)
    expect(held(planInput({ forecast: { ...forecastOf([48]), own: low.leads } }))).toMatch(/fits/)
  })

  test('stays during the cooldown', () => {
    expect(held(planInput({ forecast: low, lastChangeAt: '2026-03-02T08:55:00.000Z' }))).toMatch(/cooldown/)
  })

  test('stays while the ramp is within the horizon, though now is quiet', () => {
    const later = forecastOf(Array.from({ length: 60 }, (_, i) => (i < 40 ? 20 : 48)))
    expect(planPool(planInput({ forecast: later })).kind).toBe('hold')
  })

  test('stays while capacity is on its way', () => {
    expect(held(planInput({ forecast: low, capacity: { ...testCapacity, readyReplicas: 5 } }))).toMatch(
      /on its way/,
    )
  })
})

test('a fall of less than a tenth is not proposed', () => {
  const capacity = { ...testCapacity, desiredReplicas: 20, readyReplicas: 20 }
  const forecast = forecastOf(Array.from({ length: 60 }, () => 160))
  expect(held(planInput({ forecast, capacity }))).toMatch(/too small/)
})

test('nothing is proposed when capacity fits, or when the level is "observe"', () => {
  const fitting = forecastOf(Array.from({ length: 60 }, () => 50))
  expect(held(planInput({ forecast: fitting }))).toMatch(/fits/)
  expect(held(planInput({ forecast: ramp, policy: { ...testPolicy, automationLevel: 'observe' } }))).toMatch(
    /observe/,
  )
})

describe('replan', () => {
  test('recomputes everything for the chosen level', () => {
    const content = replan(planInput({ forecast: ramp }), 9)
    expect(content.effect.costChangePerHourUsd).toBe(6)
    expect(content.allowed).toBe(true)
  })

  test('fails the rules that the chosen level breaks', () => {
    const content = replan(planInput({ forecast: ramp }), 60)
    const broken = content.policyResults.filter(({ passed }) => !passed).map(({ rule }) => rule)
    expect(broken).toEqual(['max-replicas', 'cost-limit', 'step-limit'])
    expect(content.allowed).toBe(false)
  })
})

describe('joint ranks', () => {
  const leads = Array.from({ length: 60 }, (_, i) => i + 1)
  const random = seededRandom(2)
  /** Leads that have nothing to do with each other, which no single lead shows. */
  const joint = {
    leads,
    samples: 128,
    ranks: Buffer.from(Array.from({ length: 128 * 60 }, () => Math.floor(256 * random()))).toString('base64'),
  }
  const calm = forecastOf(leads.map(() => 50))

  test('make risk, confidence and surge one probability: that of passing at any time of the span', () => {
    expect(held(planInput({ forecast: calm }))).toMatch(/fits/)
    const content = proposed(
      planInput({ forecast: { ...calm, joint }, policy: { ...testPolicy, penaltyRatio: 100 } }),
    )
    const { surge } = content.evidence
    expect(surge?.probability).toBeGreaterThan(0.3)
    expect(content.effect.sloRiskBefore).toBe(surge?.probability)
    expect(content.confidence).toBe(surge?.probability)
    expect(content.effect.sloRiskAfter).toBeLessThan(0.5 * content.effect.sloRiskBefore)
    expect(content.reasons[0]).toMatch(
      /^Demand is forecast to pass the 60 req\/s of 6 replicas \(\d\d% sure; onset 09:\d\d–09:\d\d UTC, lasts .*min\)/,
    )
  })
})
