import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quantileAt } from '../forecast/index.ts'
import type { PlanContent, PlanInput, RuleInput } from './contract.ts'
import { planPool, replan } from './plan-pool.ts'
import { ruleWorkload, ruleWorld } from './rules/testing/rule-world.ts'
import { forecastOf, planInput, testCapacity } from './testing/plan-input.ts'
import { leadsInSpan } from './timing.ts'

const rising = forecastOf(Array.from({ length: 60 }, (_, i) => 50 + 2 * i))
const id = '00000000-0000-4000-8000-000000000001'
const cap: RuleInput & { kind: 'cost-per-hour' } = {
  name: 'cap',
  kind: 'cost-per-hour',
  enforcement: 'hard-mandatory',
  limitUsd: 18,
}

function ruled(rules: RuleInput[], change: Partial<PlanInput> = {}): PlanInput {
  const workloads = [{ ...ruleWorkload, id }]
  return planInput({ forecast: rising, rules: ruleWorld(rules, { workloads, pools: [] }), ...change })
}

function proposed(input: PlanInput): PlanContent {
  const outcome = planPool(input)
  if (outcome.kind === 'hold') throw new Error(outcome.reason)
  return outcome.content
}

test('a rule holds a proposal back, and the proposal says by which and at what price', () => {
  const free = proposed(ruled([]))
  const held = proposed(ruled([cap]))
  expect(free.effect.replicas).toBeGreaterThan(9)
  expect(held.effect.replicas).toBe(9)
  expect(held.allowed).toBe(true)
  expect(held.evidence.ruleSetVersion).toBe(1)
  expect(held.reasons.join(' ')).toContain('the rule cap (at most $18.00/h for chat-llm)')
  const { compliance } = held
  expect(compliance?.nearest?.actions[0]?.toReplicas).toBe(9)
  const price = compliance?.prices.find(({ rule }) => rule === 'cap')
  expect(price?.without.levels[0]?.toReplicas).toBe(free.effect.replicas)
  expect(price?.savesUsdPerHour).toBeCloseTo(18 - free.effect.costPerHourUsd)
  expect(price?.savesSloRisk).toBeCloseTo(held.effect.sloRiskAfter - free.effect.sloRiskAfter)
  expect(price?.savesSloRisk).toBeGreaterThan(0)
  expect(price?.savesCarbonGPerHour).toBeLessThan(0)
})

test('a planner keeps soft rules too, and lets advisory ones be said', () => {
  expect(proposed(ruled([{ ...cap, enforcement: 'soft-mandatory' }])).effect.replicas).toBe(9)
  const advised = proposed(ruled([{ ...cap, enforcement: 'advisory' }]))
  expect(advised.effect.replicas).toBeGreaterThan(9)
  expect(advised.policyResults.find(({ name }) => name === 'cap')?.passed).toBe(false)
  expect(advised.allowed).toBe(true)
})

test('where rules allow nothing, the plan holds and names them', () => {
  const freeze: RuleInput = {
    name: 'quarter-end',
    kind: 'freeze',
    enforcement: 'hard-mandatory',
    window: { repeat: 'once', from: '2026-03-01T00:00:00Z', to: '2026-03-04T00:00:00Z' },
  }
  expect(planPool(ruled([freeze]))).toEqual({
    kind: 'hold',
    reason:
      'More capacity is needed, but the rule quarter-end (no changes 2026-03-01 00:00 UTC – 2026-03-04 00:00 UTC) allows none.',
  })
  const asked = replan(ruled([freeze]), 9)
  expect(asked.allowed).toBe(false)
  expect(asked.compliance).toMatchObject({ rules: ['quarter-end'], nearest: null, conflict: ['quarter-end'] })
  expect(asked.compliance?.prices[0]?.without.levels[0]?.toReplicas).toBe(9)
})

test('what a person asks for beyond a rule is answered with the nearest that passes', () => {
  const spot = {
    ...testCapacity,
    poolId: 'spot',
    targetName: 'chat-spot',
    offering: { ...testCapacity.offering, market: 'spot' as const, pricePerReplicaHourUsd: 0.5 },
    desiredReplicas: 0,
  }
  const alone = replan(ruled([cap]), 12)
  expect(alone.compliance?.nearest?.label).toBe('6 → 9 on aster-eu-west, L40S, on demand')
  const both = replan(ruled([cap], { otherPools: [spot] }), 12)
  expect(both.compliance?.nearest?.share).toBe(1)
  expect(both.compliance?.nearest?.label).toBe('0 → 6 on aster-eu-west, L40S, spot')
  const beyondBounds = replan(ruled([]), 60)
  expect(beyondBounds.compliance?.rules).toEqual(['max-replicas', 'cost-limit', 'step-limit'])
  expect(beyondBounds.compliance?.nearest?.actions[0]?.toReplicas).toBe(16)
})

const anyRules = fc.uniqueArray(
  fc.oneof(
    fc.record({
      name: fc.constant('cost'),
      kind: fc.constant('cost-per-hour' as const),
      limitUsd: fc.integer({ min: 1, max: 60 }),
      enforcement: fc.constant('hard-mandatory' as const),
    }),
    fc.record({
      name: fc.constant('carbon'),
      kind: fc.constant('carbon' as const),
      limit: fc.integer({ min: 100, max: 3_000 }),
      enforcement: fc.constant('soft-mandatory' as const),
    }),
    fc.record({
      name: fc.constant('step'),
      kind: fc.constant('step-limit' as const),
      maxUp: fc.integer({ min: 1, max: 8 }),
      maxDown: fc.integer({ min: 1, max: 8 }),
      enforcement: fc.constant('hard-mandatory' as const),
    }),
  ),
  { selector: ({ name }) => name },
)

/** κ·n + p·E[(D − μn)⁺] in replica-hours, at the highest lead of the span: what the level is chosen by. */
function newsvendorCost(input: PlanInput, level: number): number {
  const { capacity, policy, forecast } = input
  const worst = leadsInSpan(input).reduce((a, b) => ((b.values.at(-1) ?? 0) > (a.values.at(-1) ?? 0) ? b : a))
  const draws = Array.from({ length: 400 }, (_, i) =>
    quantileAt(forecast.levels, worst.values, (i + 0.5) / 400),
  )
  const short = draws.reduce((sum, d) => sum + Math.max(0, d / capacity.capacityPerReplica - level), 0)
  return level + (policy.penaltyRatio * short) / draws.length
}

test('without a rule, a plan costs no more in what it is chosen by, and never more risk', () => {
  fc.assert(
    fc.property(anyRules, fc.integer({ min: 40, max: 160 }), (rules, peak) => {
      const forecast = forecastOf(Array.from({ length: 60 }, (_, i) => 40 + ((peak - 40) * i) / 59))
      const level = (kept: RuleInput[]) => {
        const outcome = planPool(ruled(kept, { forecast }))
        return outcome.kind === 'hold' ? testCapacity.desiredReplicas : outcome.content.effect.replicas
      }
      const input = ruled(rules, { forecast })
      const before = level(rules)
      if (before < testCapacity.desiredReplicas) return
      for (const { name } of rules) {
        const after = level(rules.filter((rule) => rule.name !== name))
        expect(after).toBeGreaterThanOrEqual(before)
        // A level is whole, so it may pass the best one by less than a replica.
        expect(newsvendorCost(input, after)).toBeLessThanOrEqual(newsvendorCost(input, before) + 1)
      }
    }),
    { numRuns: 60 },
  )
})
