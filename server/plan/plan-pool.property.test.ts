import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inverse } from './inverse.ts'
import { planPool } from './plan-pool.ts'
import { forecastOf, planInput, testCapacity, testPolicy } from './testing/plan-input.ts'

const anyInput = fc
  .record({
    medians: fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { minLength: 1, maxLength: 60 }),
    spread: fc.double({ min: 0, max: 0.4, noNaN: true }),
    desired: fc.integer({ min: 0, max: 300 }),
    ready: fc.integer({ min: 0, max: 300 }),
    bounds: fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 300 })),
    maxStepUp: fc.integer({ min: 1, max: 50 }),
    maxStepDown: fc.integer({ min: 1, max: 50 }),
    costLimitPerHourUsd: fc.double({ min: 0.1, max: 500, noNaN: true }),
    quotaReplicas: fc.integer({ min: 0, max: 200 }),
    penaltyRatio: fc.double({ min: 1.01, max: 1_000, noNaN: true }),
    surgeProbability: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    stale: fc.boolean(),
  })
  .map((x) => {
    const input = planInput({
      forecast: forecastOf(x.medians, x.spread),
      capacity: {
        ...testCapacity,
        desiredReplicas: x.desired,
        readyReplicas: x.ready,
        offering: { ...testCapacity.offering, quotaReplicas: x.quotaReplicas },
      },
      policy: {
        ...testPolicy,
        minReplicas: Math.min(...x.bounds),
        maxReplicas: Math.max(...x.bounds),
        maxStepUp: x.maxStepUp,
        maxStepDown: x.maxStepDown,
        costLimitPerHourUsd: x.costLimitPerHourUsd,
        penaltyRatio: x.penaltyRatio,
        surgeProbability: x.surgeProbability,
      },
    })
    return x.stale ? { ...input, lastSampleAt: '2026-03-01T00:00:00.000Z' } : input
  })

test('every plan stays within every bound, and never takes away on stale telemetry', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const outcome = planPool(input)
      if (outcome.kind === 'hold') return
      const { capacity, policy } = input
      for (const { fromReplicas: from, toReplicas: to } of outcome.content.actions) {
        expect(from).toBe(capacity.desiredReplicas)
        expect(to).not.toBe(from)
        expect(Number.isInteger(to)).toBe(true)
        if (to > from) {
          expect(to).toBeLessThanOrEqual(policy.maxReplicas)
          expect(to - from).toBeLessThanOrEqual(policy.maxStepUp)
          expect(to * capacity.offering.pricePerReplicaHourUsd).toBeLessThanOrEqual(
            policy.costLimitPerHourUsd + 1e-6,
          )
          expect(to).toBeLessThanOrEqual(capacity.offering.quotaReplicas)
        } else {
          expect(to).toBeGreaterThanOrEqual(policy.minReplicas)
          expect(from - to).toBeLessThanOrEqual(policy.maxStepDown)
          expect(input.lastSampleAt).not.toBe('2026-03-01T00:00:00.000Z')
        }
      }
      expect(outcome.content.allowed).toBe(true)
      expect(outcome.content.alternatives[0]?.kind).toBe('do-nothing')
      expect(Date.parse(outcome.content.actBy)).toBeLessThanOrEqual(Date.parse(outcome.content.expiresAt))
      expect(Date.parse(outcome.content.actBy)).toBeGreaterThan(Date.parse(input.now))
    }),
    { numRuns: 1_000 },
  )
})

test('the same input gives the same plan, byte for byte', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      expect(JSON.stringify(planPool(structuredClone(input)))).toBe(JSON.stringify(planPool(input)))
    }),
  )
})

test('taking back twice is doing it once', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const outcome = planPool(input)
      if (outcome.kind === 'hold') return
      const { actions } = outcome.content
      const back = inverse(actions)
      expect(back && inverse(back)).toEqual(actions)
      expect(back?.[0]?.toReplicas).toBe(actions[0]?.fromReplicas)
    }),
  )
})
