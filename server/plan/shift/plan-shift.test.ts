import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PlanContent, PlanInput } from '../contract.ts'
import { planWorkload } from '../coupled/plan-workload.ts'
import { replanSaga } from '../saga/replan-saga.ts'
import { forecastOf, planInput, testCapacity, testPolicy } from '../testing/plan-input.ts'
import { planShift } from './plan-shift.ts'

/** Dear until 13:00 UTC, then cheap; the plan is made at 09:00:30. */
const profile = Array.from({ length: 24 }, (_, hour) => (hour < 13 ? 4 : 1))
const capacity = {
  ...testCapacity,
  offering: { ...testCapacity.offering, pricePerReplicaHourUsd: 4, priceProfileUsd: profile },
}
const steady = {
  ...forecastOf(Array.from({ length: 480 }, () => 40)),
  signal: 'jobs_per_second',
  unit: 'jobs/s',
}
const base = planInput()
const batch: PlanInput = {
  ...base,
  workload: { ...base.workload, kind: 'batch', unit: 'jobs/s', objectiveP99Ms: 6 * 3_600_000 },
  policy: { ...testPolicy, maxStepUp: 20 },
  capacity,
  forecast: steady,
  waiting: [],
}

function proposed(input: PlanInput): PlanContent {
  const outcome = planShift(input)
  if (outcome?.kind !== 'propose') throw new Error(`not proposed: ${outcome?.reason}`)
  return outcome.content
}

describe('work that may wait', () => {
  test('waits for the cheap hour, within what is allowed', () => {
    const content = proposed(batch)
    expect(content).toMatchObject({ purpose: 'shift', direction: 'down', allowed: true })
    expect(content.effect.replicas).toBe(2)
    expect(content.evidence.surge).toBeNull()
    const { shift } = content.evidence
    expect(shift?.savesUsd).toBeGreaterThan(20)
    expect(shift?.longestWaitSeconds).toBeLessThanOrEqual(6 * 3_600)
    expect(shift?.hours.filter(({ at }) => Date.parse(at) < Date.parse('2026-03-02T13:00:00Z'))).toHaveLength(
      4,
    )
    expect(shift?.hours.at(-1)?.backlog).toBe(0)
    expect(content.reasons[0]).toMatch(
      /^What 2 replicas do not serve of 09:00–13:00 UTC waits until 13:00 UTC, when .* costs \$3.00 less/,
    )
    expect(content.alternatives[0]).toMatchObject({ kind: 'do-nothing', actions: [] })
    expect(planWorkload(batch, null)).toEqual({ kind: 'propose', content })
  })

  test('is planned anew with the same schedule when a person looks at it, and without it when they set another level', () => {
    const content = proposed(batch)
    const world = { own: batch, others: [] }
    const again = replanSaga(world, content)
    expect(again.evidence).toMatchObject({ shift: content.evidence.shift, surge: null })
    expect(again.confidence).toBe(content.confidence)
    const edited = replanSaga(world, content, [{ targetId: capacity.targetId, to: 4 }])
    expect(edited.evidence.shift).toBeUndefined()
  })

  test('is done from the cheap hour on: more is ordered its lead time before', () => {
    const waiting = [{ since: '2026-03-02T09:00:00.000Z', units: 400_000 }]
    const at = (now: string): PlanInput => ({
      ...{ ...batch, now, lastSampleAt: now, waiting },
      capacity: { ...capacity, desiredReplicas: 2, readyReplicas: 2 },
      forecast: {
        ...steady,
        leads: steady.leads.map((lead, i) => ({
          ...lead,
          at: new Date(Date.parse(now) + (i + 1) * 60_000).toISOString(),
        })),
      },
    })
    expect(planShift(at('2026-03-02T11:30:00.000Z'))?.kind).toBe('hold')
    const content = proposed(at('2026-03-02T12:50:00.000Z'))
    expect(content.direction).toBe('up')
    expect(content.effect.replicas).toBeGreaterThan(6)
    expect(content.summary).toContain('work that waited is done from 13:00 UTC')
    expect(content.evidence.shift?.longestWaitSeconds).toBeLessThanOrEqual(6 * 3_600)
  })

  test('that is late already is served at once', () => {
    const waiting = [{ since: '2026-03-02T03:00:00.000Z', units: 900_000 }]
    const content = proposed({ ...batch, waiting })
    expect(content.direction).toBe('up')
    expect(content.reasons.join(' ')).toContain('cannot be helped any more')
  })

  test('waits for the greener hour where money is the same', () => {
    const { priceProfileUsd: _, ...offering } = capacity.offering
    const domain = { ...capacity.domain, carbonProfileGPerKwh: profile.map((value) => value * 200) }
    const content = proposed({ ...batch, capacity: { ...capacity, offering, domain } })
    expect(content.direction).toBe('down')
    expect(content.evidence.shift?.savesCarbonG).toBeGreaterThan(500)
    expect(content.reasons[0]).toMatch(/emits .* less/)
  })
})

describe('nothing is shifted', () => {
  const flat = Array.from({ length: 24 }, () => 4)
  test.each<[string, Partial<PlanInput>]>([
    ['without a profile', { capacity: testCapacity }],
    [
      'where all hours cost the same',
      { capacity: { ...capacity, offering: { ...capacity.offering, priceProfileUsd: flat } } },
    ],
    ['with a short objective', { workload: { ...batch.workload, objectiveP99Ms: 600_000 } }],
    ['for a service', { workload: { ...batch.workload, kind: 'inference' } }],
    ['where what waits is not measured', { waiting: undefined }],
    ['where demand holds what waits already', { forecast: { ...steady, signal: 'gpus_requested' } }],
    ['below the level of proposals', { policy: { ...batch.policy, automationLevel: 'observe' } }],
    [
      'for cents',
      {
        forecast: {
          ...steady,
          leads: steady.leads.map((lead) => ({ ...lead, values: lead.values.map(() => 0.1) })),
        },
      },
    ],
  ])('%s', (_, change) => {
    expect(planShift({ ...batch, ...change })).toBeNull()
  })

  test.each<[string, Partial<PlanInput>, RegExp]>([
    ['on stale telemetry', { lastSampleAt: '2026-03-02T08:40:00.000Z' }, /stale/],
    ['on telemetry that is not believed', { lastSampleAt: null }, /not believed/],
    ['in the cooldown', { lastChangeAt: '2026-03-02T08:55:00.000Z' }, /cooldown/],
    ['while capacity is on its way', { capacity: { ...capacity, readyReplicas: 5 } }, /on its way/],
  ])('%s', (_, change, words) => {
    const outcome = planShift({ ...batch, ...change })
    expect(outcome).toMatchObject({ kind: 'hold', reason: expect.stringMatching(words) })
  })
})

test('every schedule that is proposed keeps what is allowed, and the same input gives the same plan', () => {
  let count = 0
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 8, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 24, maxLength: 24 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 0, max: 200_000 }),
      fc.integer({ min: 2, max: 12 }),
      (rates, prices, waitHours, queued, standing) => {
        const input: PlanInput = {
          ...batch,
          workload: { ...batch.workload, objectiveP99Ms: waitHours * 3_600_000 },
          forecast: {
            ...steady,
            leads: steady.leads.map((lead, i) => ({
              ...lead,
              values: lead.values.map(() => rates[Math.floor(i / 60)] ?? 0),
            })),
          },
          capacity: {
            ...capacity,
            desiredReplicas: standing,
            readyReplicas: standing,
            offering: { ...capacity.offering, priceProfileUsd: prices },
          },
          waiting: [{ since: '2026-03-02T08:45:00.000Z', units: queued }],
        }
        const outcome = planShift(input)
        expect(planShift(structuredClone(input))).toEqual(outcome)
        if (outcome?.kind !== 'propose') return
        const { shift } = outcome.content.evidence
        const { longestWaitSeconds = null } = shift ?? {}
        const isLate = (longestWaitSeconds ?? Number.POSITIVE_INFINITY) > waitHours * 3_600
        if (isLate) expect(outcome.content.direction).toBe('up')
        else count++
        for (const { replicas } of shift?.hours ?? []) {
          expect(replicas).toBeGreaterThanOrEqual(2)
          expect(replicas).toBeLessThanOrEqual(25)
        }
        expect(outcome.content.allowed).toBe(true)
      },
    ),
    { numRuns: 60, seed: 5 },
  )
  expect(count).toBeGreaterThan(10)
})
