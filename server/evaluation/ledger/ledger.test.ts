import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PlanContent } from '../../plan/contract.ts'
import { PoolDynamics, replan } from '../../plan/index.ts'
import { planInput } from '../../plan/testing/plan-input.ts'
import { policies } from '../replay/policies/policies.ts'
import { figuresOf, type LedgerDecision } from './figures.ts'
import type { LedgerDemand } from './scene.ts'
import { type SpanDecision, spansOf } from './spans.ts'

const reactive = policies['hpa-offered']
const history = 30
const start = Date.UTC(2026, 2, 2, 9)

function span(demand: number[], gaps: number[] = []): LedgerDemand {
  const values = Float64Array.from([...Array(history).fill(demand[0] ?? 0), ...demand])
  const gap = new Uint8Array(values.length)
  for (const step of gaps) gap[history + step] = 1
  return {
    stepSeconds: 60,
    startMs: start,
    steps: demand.length,
    demand: { values, gap, length: values.length },
    from: history,
  }
}

const input = planInput()
const { desiredReplicas: from, capacityPerReplica, offering } = input.capacity
const planned = (toReplicas: number): PlanContent => replan(input, toReplicas)

function decision(change: Partial<LedgerDecision> = {}): LedgerDecision {
  return {
    kind: 'approve',
    workloadId: input.workload.id,
    proposed: planned(from + 4),
    sent: planned(from + 4),
    appliedAt: start,
    verifiedAt: null,
    ...change,
  }
}

const busy = Array.from({ length: 60 }, (_, i) => (i < 10 ? from : from + 4) * capacityPerReplica * 0.98)

describe('figures of one decision', () => {
  test('what was taken is the pool under its one order, by the dynamics of the plan', () => {
    const { taken, grounds } = figuresOf(decision(), span(busy), reactive)
    const pool = new PoolDynamics(
      {
        stepSeconds: 60,
        capacityPerReplica,
        minReplicas: 0,
        maxReplicas: 1_000,
        pricePerReplicaHour: offering.pricePerReplicaHourUsd,
        leadTimeSeconds: offering.leadTimeP50Seconds,
        leadSeed: 1,
        approvalDelaySeconds: 0,
        removeDelaySeconds: 0,
        penaltyPerReplicaHourShort: offering.pricePerReplicaHourUsd * input.policy.penaltyRatio,
        shortfallUtilisation: 1,
        startCost: 0,
        removeCost: 0,
      },
      from,
    )
    const accounts = busy.map((demand, i) => pool.advance(i === 0 ? from + 4 : null, demand))
    const sum = (pick: (account: (typeof accounts)[number]) => number) =>
      accounts.reduce((total, account) => total + pick(account), 0)
    expect(taken.infraUsd).toBeCloseTo(
      sum(({ infraCost }) => infraCost),
      9,
    )
    expect(taken.penaltyUsd).toBeCloseTo(
      sum(({ penaltyCost }) => penaltyCost),
      9,
    )
    expect(taken.shortReplicaHours).toBeCloseTo(
      sum(({ shortReplicaHours }) => shortReplicaHours),
      9,
    )
    expect(grounds).toMatchObject({ leadTimeIs: 'declared', steps: 60, unmeasuredSteps: 0 })
  })

  test('a rise before the demand is worth something against the reactive autoscaler', () => {
    const surge = busy.map((_, i) => (i < 5 ? 0.65 * from : from + 4) * capacityPerReplica)
    const { vsReactive, vsProposed, taken } = figuresOf(decision(), span(surge), reactive)
    expect(taken.shortReplicaHours).toBe(0)
    expect(vsReactive.shortReplicaHours).toBeGreaterThan(0)
    expect(vsReactive.costUsd).toBeGreaterThan(0)
    expect(vsProposed).toBeNull()
  })

  test('an order that went out a moment after a step began is not held to be a step late', () => {
    const surge = busy.map(() => (from + 2) * capacityPerReplica)
    const at = (appliedAt: number) => figuresOf(decision({ appliedAt }), span(surge), reactive).taken
    expect(at(start + 400)).toEqual(at(start))
    expect(at(start + 45_000).violationMinutes).toBeGreaterThan(at(start).violationMinutes)
  })

  test('a rejection of what was needed is held against the proposal, and lost', () => {
    const rejected = decision({ kind: 'reject', sent: null, appliedAt: null })
    const { vsProposed, taken, proposed } = figuresOf(rejected, span(busy), reactive)
    expect(vsProposed?.shortReplicaHours).toBeLessThan(0)
    expect(vsProposed?.costUsd).toBeLessThan(0)
    expect(proposed?.infraUsd).toBeGreaterThan(taken.infraUsd)
  })

  test('a rejection of what was not needed saved its price', () => {
    const quiet = busy.map(() => capacityPerReplica)
    const rejected = decision({ kind: 'reject', sent: null, appliedAt: null })
    const { vsProposed } = figuresOf(rejected, span(quiet), reactive)
    expect(vsProposed?.costUsd).toBeCloseTo(4 * offering.pricePerReplicaHourUsd, 9)
    expect(vsProposed?.shortReplicaHours).toBe(0)
  })

  test('an override that sends what was proposed is worth nothing against it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { maxLength: 40 }), (demand) => {
        const { vsProposed } = figuresOf(decision({ kind: 'override' }), span(demand), reactive)
        expect(vsProposed).toEqual({ costUsd: 0, shortReplicaHours: 0, violationMinutes: 0, carbonG: 0 })
      }),
      { numRuns: 30 },
    )
  })

  test('a job that is stopped is held against doing nothing, also beside a pool that serves', () => {
    const proposed = planned(from + 4)
    const actions = proposed.actions.map((action) => ({ ...action, kind: 'suspend' as const, toReplicas: 0 }))
    for (const stop of [
      { ...proposed, actions },
      { ...proposed, actions: [], purpose: 'stop-harm' as const },
    ]) {
      const {
        grounds,
        reactive: other,
        taken,
      } = figuresOf(decision({ proposed: stop, sent: stop }), span(busy), reactive)
      expect(grounds.reactiveIs).toBe('hold')
      const nothing = figuresOf(
        decision({ kind: 'reject', proposed: stop, sent: null }),
        span(busy),
        reactive,
      )
      expect(other).toEqual(nothing.taken)
      expect(stop.actions.length === 0 || taken.infraUsd < other.infraUsd).toBe(true)
    }
  })

  test('the measured lead time counts where the order was seen ready', () => {
    const verified = decision({ appliedAt: start + 30_000, verifiedAt: start + 210_000 })
    expect(figuresOf(verified, span(busy), reactive).grounds).toMatchObject({
      leadTimeIs: 'measured',
      leadTimeSeconds: 180,
    })
  })

  test('what was not measured counts for nothing', () => {
    const all = figuresOf(decision(), span(busy, [...busy.keys()]), reactive)
    expect(all.taken).toMatchObject({ infraUsd: 0, penaltyUsd: 0, violationMinutes: 0, carbonG: 0 })
    expect(all.grounds.unmeasuredSteps).toBe(60)
  })
})

describe('spans', () => {
  const minute = 60_000
  const at = (minutes: number, change: Partial<SpanDecision> = {}): SpanDecision => ({
    kind: 'approve',
    at: minutes * minute,
    actBy: minutes * minute,
    open: false,
    ...change,
  })

  test('end with the next decision, at the longest span, or now', () => {
    expect(spansOf([at(0), at(10), at(500)], 520 * minute)).toEqual([
      { from: 0, until: 10 * minute, open: false },
      { from: 10 * minute, until: 370 * minute, open: false },
      { from: 500 * minute, until: 520 * minute, open: true },
    ])
  })

  test('stay open while a later decision is being carried out', () => {
    const [first] = spansOf([at(0), at(10, { open: true })], 400 * minute)
    expect(first).toEqual({ from: 0, until: 360 * minute, open: true })
  })

  test('an expired proposal counts from when it had to be decided', () => {
    const expired = at(20, { kind: 'expire', actBy: 5 * minute })
    expect(spansOf([at(0), expired], 30 * minute)[0]?.until).toBe(5 * minute)
  })

  test('never overlap', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000), { minLength: 1, maxLength: 12 }), fc.nat(4_000), (times, now) => {
        const sorted = [...times].sort((a, b) => a - b)
        const spans = spansOf(
          sorted.map((minutes) => at(minutes)),
          (now + 2_000) * minute,
        )
        for (const [i, one] of spans.entries()) {
          expect(one.until).toBeGreaterThanOrEqual(one.from)
          expect(spans[i + 1]?.from ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(one.until)
        }
      }),
    )
  })
})
