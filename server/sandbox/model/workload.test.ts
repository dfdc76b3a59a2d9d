import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scaleTo, steadyCapacity } from './capacity.ts'
import { spill } from './routing.ts'
import type { ServiceSpec } from './service.ts'
import { advanceWorkload, loopAt, type Place, type States } from './workload.ts'

const spec: ServiceSpec = {
  queue: {
    throughputPerReplica: 10,
    slotsPerReplica: 8,
    serviceP99Ms: 400,
    timeoutSeconds: 30,
    workPerItem: 1,
  },
  pricePerReplicaHourUsd: 2,
  tokensPerRequest: null,
}
const lead = { p50Seconds: 60, p90Seconds: 60 }
const interval = { at: 1_000_000_000_000, seconds: 15, seed: 3 }

function place(target: string, change: Partial<Place> = {}): Place {
  return {
    target,
    control: 'replicas',
    governs: null,
    perUnit: 1,
    spec,
    capacityPerReplica: 10,
    serverless: null,
    networkMs: 0,
    lead,
    quotaReplicas: 20,
    offering: target,
    priceProfileUsd: [],
    interruptionRatePerHour: 0,
    seed: 1,
    ...change,
  }
}

const at = (counts: Record<string, number>): States =>
  Object.fromEntries(
    Object.entries(counts).map(([target, count]) => [
      target,
      { capacity: steadyCapacity(count), backlog: 0 },
    ]),
  )
const run = (places: Place[], states: States, demand: number) =>
  advanceWorkload(places, states, demand, null, interval)

describe('demand over several places', () => {
  test('all of it goes somewhere, the first places first', () => {
    const limit = fc.double({ min: 0, max: 100, noNaN: true })
    fc.assert(
      fc.property(limit, fc.array(limit, { minLength: 1, maxLength: 5 }), (demand, limits) => {
        const shares = spill(demand, limits)
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(demand, 6)
        const spilled = shares.findIndex((share, i) => share < (limits[i] ?? 0) - 1e-9)
        if (spilled >= 0) expect(shares.slice(spilled + 1).every((share) => share === 0)).toBe(true)
      }),
    )
  })

  test('stays at the edge while there is room, and pays the way to the cloud only when it spills', () => {
    const places = [place('edge'), place('cloud', { networkMs: 90 })]
    const near = run(places, at({ edge: 5, cloud: 3 }), 30).reading
    const far = run(places, at({ edge: 2, cloud: 3 }), 30).reading
    expect(near.latencyP99Ms).toBeLessThan(450)
    expect(far.latencyP99Ms).toBeGreaterThan(480)
    expect(far.readyReplicas).toBe(5)
    expect(far.errorRatio).toBeLessThan(0.01)
  })

  test('with one place it is measured as ever', () => {
    const { reading } = run([place('only')], at({ only: 4 }), 30)
    expect(reading).toMatchObject({ demand: 30, readyReplicas: 4, costPerHourUsd: 8 })
  })
})

describe('a serverless place', () => {
  const serverless = { coldStartSeconds: 20, keepAliveSeconds: 60, pricePerMillionRequestsUsd: 500 }
  const places = [place('pods'), place('functions', { control: 'warm', serverless })]

  test('takes what the pods cannot, after a cold start that the p99 shows', () => {
    const cold = run(places, at({ pods: 2, functions: 0 }), 60)
    expect(cold.reading.latencyP99Ms).toBeGreaterThan(20_000)
    expect(cold.reading.errorRatio).toBeLessThan(0.01)
    const next = advanceWorkload(places, cold.states, 60, null, { ...interval, at: interval.at + 15_000 })
    expect(next.reading.latencyP99Ms).toBeLessThan(5_000)
  })

  test('that is warm has no cold start, and costs by the hour and by the request', () => {
    const idle = run(places, at({ pods: 2, functions: 4 }), 10).reading
    const busy = run(places, at({ pods: 2, functions: 4 }), 60).reading
    expect(busy.latencyP99Ms).toBeLessThan(5_000)
    expect(idle.costPerHourUsd).toBeCloseTo(2 * 2 + 4 * 2)
    expect(busy.costPerHourUsd).toBeCloseTo(12 + 40 * 3.6 * 0.5)
  })

  test('instances that started by themselves go when they are not needed', () => {
    const cold = run(places, at({ pods: 2, functions: 0 }), 60)
    const later = { ...interval, at: interval.at + 61_000 }
    expect(advanceWorkload(places, cold.states, 60, null, later).reading.latencyP99Ms).toBeGreaterThan(20_000)
  })
})

test('a price of the hour is paid in its hour', () => {
  const priceProfileUsd = Array.from({ length: 24 }, (_, hour) => hour + 1)
  const hour = new Date(interval.at).getUTCHours()
  const { reading } = run([place('pods', { priceProfileUsd })], at({ pods: 3 }), 10)
  expect(reading.costPerHourUsd).toBe(3 * (hour + 1))
})

describe('what governs a pool', () => {
  test('replicas run only where there are nodes', () => {
    const places = [place('pods'), place('nodes', { control: 'nodes', governs: 'pods', perUnit: 4 })]
    expect(run(places, at({ pods: 10, nodes: 2 }), 30).reading.readyReplicas).toBe(8)
    expect(run(places, at({ pods: 10, nodes: 3 }), 30).reading.readyReplicas).toBe(10)
  })

  test('a smaller size costs less, and is slower only below what is made use of', () => {
    const places = [place('pods'), place('size', { control: 'size', governs: 'pods', perUnit: 0.5 })]
    const whole = run(places, at({ pods: 4, size: 100 }), 30).reading
    const half = run(places, at({ pods: 4, size: 50 }), 30).reading
    const quarter = run(places, at({ pods: 4, size: 25 }), 30).reading
    expect(half.costPerHourUsd).toBe(whole.costPerHourUsd / 2)
    expect(half.latencyP99Ms).toBe(whole.latencyP99Ms)
    expect(quarter.latencyP99Ms).toBeGreaterThan(whole.latencyP99Ms)
  })
})

test('spot capacity is reclaimed about as often as stated, ordered again, and comes back', () => {
  const places = [place('spot', { interruptionRatePerHour: 0.5 })]
  let states = at({ spot: 10 })
  let missing = 0
  const intervals = 4 * 60 * 24
  for (let i = 0; i < intervals; i++) {
    const next = advanceWorkload(places, states, 50, null, { ...interval, at: interval.at + i * 15_000 })
    states = next.states
    missing += 10 - next.reading.readyReplicas
  }
  // 10 replicas, one reclaimed in two hours, back after a minute: 10 · 0.5 · 24 · 4 intervals missing.
  expect(missing).toBeGreaterThan(300)
  expect(missing).toBeLessThan(660)
  expect(states.spot?.capacity.desired).toBe(10)
})

describe('a submitter that loops', () => {
  const submitter = { target: 'job', beginsAfterSeconds: 60, ratePerSecond: 20, workShare: 0.2 }
  const places = [place('pods'), place('job', { control: 'run' })]
  const began = interval.at - 60_000

  test('submits from its beginning until its target stops', () => {
    expect(loopAt(submitter, at({ job: 1 }), interval.at - 1_000, began)).toBeNull()
    expect(loopAt(submitter, at({ job: 1 }), interval.at, began)?.ratePerSecond).toBeCloseTo(20, 0)
    const stopped = at({ job: 1 })
    const job = stopped.job
    if (job) job.capacity = scaleTo(job.capacity, 0, interval.at, lead, 1)
    expect(loopAt(submitter, stopped, interval.at, began)).toBeNull()
  })

  test('raises submissions and failures, not what ends well, and all its jobs look alike', () => {
    const calm = run(places, at({ pods: 5, job: 1 }), 20).reading
    const loop = loopAt(submitter, at({ job: 1 }), interval.at, began)
    const looping = advanceWorkload(places, at({ pods: 5, job: 1 }), 20, loop, interval).reading
    expect(looping.demand).toBeCloseTo(40, 0)
    expect(looping.completedPerSecond).toBeCloseTo(calm.completedPerSecond, 0)
    expect(looping.failedPerSecond).toBeGreaterThan(19)
    expect(looping.distinctSignatureRatio).toBeLessThan(0.5)
  })
})
