import { expect, test } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import { batchingServing } from '../testing/batching-serving.ts'
import {
  constant,
  type Draw,
  erlang4,
  exponential,
  hyperexponential,
  simulatedWait99,
} from '../testing/queue-events.ts'
import { batchingModel } from './batching/model.ts'
import { demandWithin, modelP99Ms, queueP99Ms } from './queue.ts'

const fit = {
  source: 'declared',
  verdict: 'too few to tell',
  observations: 0,
  explainedShare: null,
  medianRelativeError: null,
  words: '',
} as const
/** One server of one unit per second in each replica; p99 is then that of the wait, in units of mean service. */
const unit = {
  kind: 'queue',
  capacityPerReplica: 1,
  serviceSeconds: 1,
  unloadedP99Ms: 0,
  variability: 1,
  fit,
} as const
const wait99 = (servers: number, utilisation: number, variability = 1) =>
  (queueP99Ms({ ...unit, variability }, servers * utilisation, servers) ?? Number.NaN) / 1_000

/** Erlang's C by the recursion of Erlang's B. */
function erlangC(servers: number, utilisation: number): number {
  let b = 1
  for (let k = 1; k <= servers; k++) b = (servers * utilisation * b) / (k + servers * utilisation * b)
  return b / (1 - utilisation + utilisation * b)
}

test('M/M/1 is exact', () => {
  for (const utilisation of [0.5, 0.8, 0.95])
    expect(wait99(1, utilisation)).toBeCloseTo(Math.log(utilisation / 0.01) / (1 - utilisation), 9)
})

test('M/M/c keeps near the exact tail', () => {
  for (const servers of [2, 5, 20, 100]) {
    for (const utilisation of [0.5, 0.7, 0.9, 0.95]) {
      const exact = Math.max(
        0,
        Math.log(erlangC(servers, utilisation) / 0.01) / (servers * (1 - utilisation)),
      )
      expect(Math.abs(wait99(servers, utilisation) - exact)).toBeLessThan(0.14)
    }
  }
})

test.each<[string, Draw, Draw, number, number]>([
  ['M/M', exponential, exponential, 1, 0.02],
  ['M/D', exponential, constant, 0.5, 0.1],
  ['E4/M', erlang4, exponential, 0.625, 0.1],
  ['M/H2', exponential, hyperexponential, 2, 0.1],
  ['H2/H2', hyperexponential, hyperexponential, 3, 0.1],
])('%s/4 agrees with a simulation by events', (_, arrivals, services, variability, tolerance) => {
  const run = { servers: 4, utilisation: 0.8, customers: 15_000, runs: 8, arrivals, services }
  const { wait99: simulated, error } = simulatedWait99(run, seededRandom)
  expect(Math.abs(wait99(4, 0.8, variability) - simulated)).toBeLessThan(3 * error + tolerance * simulated)
})

test('what a request takes alone is added, and a queue that does not settle has no p99', () => {
  const model = { ...unit, unloadedP99Ms: 700 }
  expect(queueP99Ms(model, 0, 3)).toBe(700)
  expect(queueP99Ms(model, 2.4, 3)).toBeCloseTo(700 + wait99(3, 0.8) * 1_000, 6)
  expect(queueP99Ms(model, 3, 3)).toBeNull()
  expect(queueP99Ms(model, 1, 0)).toBeNull()
})

test('the demand within an objective is the largest that keeps it, for both kinds', () => {
  const queue = { ...unit, unloadedP99Ms: 700 }
  const batching = batchingModel(batchingServing(), { endToEndP99Ms: 30_000 }, 2)
  for (const [model, objective] of [
    [queue, 4_000],
    [batching, 30_000],
  ] as const) {
    const demand = demandWithin(model, 3, objective)
    expect(demand).toBeGreaterThan(0.5)
    expect(modelP99Ms(model, demand, 3)).toBeLessThanOrEqual(objective * 1.000001)
    expect(modelP99Ms(model, demand * 1.01, 3) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(objective)
  }
  expect(demandWithin(queue, 3, 600)).toBe(0)
  expect(demandWithin(queue, 0, 4_000)).toBe(0)
})
