import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { QueueSpec } from '../contract.ts'
import { drawLeadSeconds, inFlight, scaleTo, settle, steadyCapacity } from './capacity.ts'
import { latencyP99Ms, queueDepth } from './latency.ts'
import { serve } from './queue.ts'
import { advanceService, type Reading, type ServiceSpec, type ServiceState } from './service.ts'

const queue: QueueSpec = {
  throughputPerReplica: 11.8,
  slotsPerReplica: 10,
  serviceP99Ms: 1850,
  timeoutSeconds: 30,
  workPerItem: 1,
}
const spec: ServiceSpec = { queue, pricePerReplicaHourUsd: 2, tokensPerRequest: 600 }
const lead = { p50Seconds: 120, p90Seconds: 180 }
const demand = fc.double({ min: 0, max: 500, noNaN: true })
const backlog = fc.double({ min: 0, max: 10_000, noNaN: true })
const replicas = fc.integer({ min: 0, max: 30 })
const patience = fc.constantFrom(null, 1, 30)

describe('the queue', () => {
  test('loses no work: arrived + before = served + abandoned + after', () => {
    fc.assert(
      fc.property(backlog, demand, replicas, patience, (before, rate, count, timeoutSeconds) => {
        const step = serve({ ...queue, timeoutSeconds }, before, rate, count, 15)
        const out = step.served + step.abandoned + step.backlog
        expect(Math.abs(step.arrived + before - out)).toBeLessThanOrEqual(1e-6 * Math.max(1, out))
        expect(Math.min(step.served, step.abandoned, step.backlog)).toBeGreaterThanOrEqual(0)
        if (timeoutSeconds === null) expect(step.abandoned).toBe(0)
      }),
    )
  })

  test('nobody waits longer than the timeout', () => {
    const step = serve(queue, 0, 1_000, 2, 600)
    expect(step.abandoned).toBeGreaterThan(0)
    expect(latencyP99Ms(queue, step, 2, 600)).toBeLessThanOrEqual(queue.serviceP99Ms + 30_000)
  })
})

describe('latency', () => {
  test('never rises with more replicas, never falls with more demand', () => {
    const at = (before: number, rate: number, count: number) =>
      latencyP99Ms(queue, serve(queue, before, rate, count, 15), count, 15)
    fc.assert(
      fc.property(backlog, demand, fc.integer({ min: 1, max: 30 }), (before, rate, count) => {
        expect(at(before, rate, count + 1)).toBeLessThanOrEqual(at(before, rate, count) + 1e-6)
        expect(at(before, rate + 1, count)).toBeGreaterThanOrEqual(at(before, rate, count) - 1e-6)
      }),
    )
  })

  test('is the service time when idle, and near the objective at the stated capacity', () => {
    const idle = serve(queue, 0, 1, 6, 15)
    expect(latencyP99Ms(queue, idle, 6, 15)).toBe(1850)
    const full = latencyP99Ms(queue, serve(queue, 0, 60, 6, 15), 6, 15)
    expect(full).toBeGreaterThan(2_000)
    expect(full).toBeLessThan(2_500)
  })

  test('without any replica it is the longest wait there is', () => {
    expect(latencyP99Ms(queue, serve(queue, 0, 1, 0, 15), 0, 15)).toBe(31_850)
    expect(queueDepth(queue, serve(queue, 0, 1, 0, 15), 0, 15)).toBe(15)
  })
})

describe('capacity', () => {
  test('ready + in flight is what is desired, whatever is asked for and whenever', () => {
    const asks = fc.array(fc.tuple(replicas, fc.integer({ min: 0, max: 400 })), { maxLength: 12 })
    fc.assert(
      fc.property(asks, (list) => {
        let capacity = steadyCapacity(6)
        let at = 0
        for (const [count, seconds] of list) {
          at += seconds * 1000
          capacity = scaleTo(capacity, count, at, lead, 7)
          expect(capacity.ready + inFlight(capacity)).toBe(count)
          expect(capacity.desired).toBe(count)
          expect(capacity.ready).toBeGreaterThanOrEqual(0)
        }
        const settled = settle(capacity, at + 4 * lead.p90Seconds * 1000)
        expect(settled.ready).toBe(capacity.desired)
        expect(settled.orders).toEqual([])
      }),
    )
  })

  test('what was ordered comes after its lead time and not before', () => {
    const ordered = scaleTo(steadyCapacity(6), 9, 1_000, lead, 7)
    const readyAt = 1_000 + Math.round(drawLeadSeconds(lead, 7, 0) * 1000)
    expect(settle(ordered, readyAt - 1).ready).toBe(6)
    expect(settle(ordered, readyAt).ready).toBe(9)
  })

  test('coming down cancels the newest order first and takes ready replicas last, at once', () => {
    const first = scaleTo(steadyCapacity(4), 6, 0, lead, 7)
    const second = scaleTo(first, 9, 1_000, lead, 7)
    const less = scaleTo(second, 7, 2_000, lead, 7)
    expect(less.orders.map(({ count }) => count)).toEqual([2, 1])
    expect(scaleTo(less, 3, 2_500, lead, 7)).toMatchObject({ desired: 3, ready: 3, orders: [] })
  })

  test('lead times have the stated quantiles', () => {
    const draws = Array.from({ length: 4_000 }, (_, order) => drawLeadSeconds(lead, 11, order))
    expect(draws.filter((seconds) => seconds <= 120).length / 4_000).toBeCloseTo(0.5, 1)
    expect(draws.filter((seconds) => seconds <= 180).length / 4_000).toBeCloseTo(0.9, 1)
    expect(drawLeadSeconds({ p50Seconds: 0, p90Seconds: 0 }, 1, 1)).toBe(0)
  })
})

describe('a service over time', () => {
  function run(demands: readonly number[], at = 0): Reading[] {
    let state: ServiceState = { capacity: scaleTo(steadyCapacity(4), 7, at, lead, 3), backlog: 0 }
    return demands.map((rate, index) => {
      const step = advanceService(spec, state, rate, { at: at + index * 15_000, seconds: 15, seed: 3 })
      state = step.state
      return step.reading
    })
  }

  test('the same demand gives the same readings; later demand changes no earlier one', () => {
    const rates = fc.array(demand, { minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(rates, fc.nat(), demand, (list, index, other) => {
        const changed = index % list.length
        const before = run(list)
        const after = run(list.with(changed, other))
        expect(run(list)).toEqual(before)
        expect(after.slice(0, changed)).toEqual(before.slice(0, changed))
      }),
      { numRuns: 50 },
    )
  })

  test('capacity that arrives brings latency down, and in-flight replicas are paid for', () => {
    const readings = run(Array.from({ length: 60 }, () => 55))
    const first = readings[4]
    const last = readings.at(-1)
    expect(first?.readyReplicas).toBe(4)
    expect(first?.costPerHourUsd).toBe(14)
    expect(last?.readyReplicas).toBe(7)
    expect(last?.costPerHourUsd).toBe(14)
    expect(last?.latencyP99Ms).toBeLessThan((first?.latencyP99Ms ?? 0) / 1.5)
  })

  test('errors appear when requests wait too long', () => {
    const readings = run(Array.from({ length: 60 }, () => 300))
    expect(readings[0]?.errorRatio).toBeLessThan(0.01)
    expect(readings.at(-1)?.errorRatio).toBeGreaterThan(0.5)
    expect(readings.every(({ gpuUtilizationRatio: use }) => use >= 0 && use <= 1)).toBe(true)
  })
})
