import fc from 'fast-check'
import { expect, test } from 'vitest'
import { batchingServing } from '../../testing/batching-serving.ts'
import { naiveReplica } from '../../testing/naive-replica.ts'
import { batchingModel } from './model.ts'
import { saturatedRate } from './points.ts'
import { latencyAt } from './read.ts'
import { simulateReplica } from './replica.ts'
import { drawRequests } from './requests.ts'

const constant = (mean: number) => ({ mean, scv: 0 })

const servings = fc
  .record({
    promptTokens: fc.record({ mean: fc.integer({ min: 1, max: 80 }), scv: fc.constantFrom(0, 1, 3) }),
    outputTokens: fc.record({ mean: fc.integer({ min: 1, max: 40 }), scv: fc.constantFrom(0, 1, 3) }),
    maxBatch: fc.integer({ min: 1, max: 12 }),
    kvCacheTokens: fc.integer({ min: 60, max: 600 }),
    prefillChunkTokens: fc.integer({ min: 5, max: 200 }),
    iterationSeconds: fc.constantFrom(0.01, 0.05),
    prefillSecondsPerToken: fc.constantFrom(0, 0.0005),
    decodeSecondsPerSequence: fc.constantFrom(0, 0.002),
    decodeSecondsPerContextToken: fc.constantFrom(0, 0.00003),
  })
  .map(batchingServing)
const rates = fc.constantFrom(0.2, 2, 8, Number.POSITIVE_INFINITY)

test('agrees with a simulation that walks every token, preemptions included', () => {
  let preempted = 0
  fc.assert(
    fc.property(servings, rates, fc.integer({ min: 1, max: 1_000 }), (serving, rate, seed) => {
      const requests = drawRequests(serving, 40, seed)
      const fast = simulateReplica(serving, requests, rate)
      const slow = naiveReplica(serving, requests, rate)
      expect(fast.preemptions).toBe(slow.preemptions)
      preempted += fast.preemptions
      for (const [index, end] of slow.ends.entries()) {
        expect(fast.served[index]?.endToEndSeconds).toBeCloseTo(end.endToEndSeconds, 6)
        expect(fast.served[index]?.firstTokenSeconds).toBeCloseTo(end.firstTokenSeconds, 6)
      }
    }),
    { seed: 7, numRuns: 150 },
  )
  expect(preempted).toBeGreaterThan(100)
})

test('a request alone takes its prompt, then a token an iteration with a growing context', () => {
  const serving = batchingServing({ promptTokens: constant(300), outputTokens: constant(11) })
  const [served] = simulateReplica(serving, drawRequests(serving, 1, 1), 1).served
  expect(served?.firstTokenSeconds).toBeCloseTo(0.02 + 300 * 0.00006, 12)
  // Ten more tokens, over contexts of 300 to 309.
  const decode = 10 * (0.02 + 0.0002) + (300 + 309) * 5 * 1e-7
  expect(served?.endToEndSeconds).toBeCloseTo(0.02 + 300 * 0.00006 + decode, 12)
  expect(served?.perTokenSeconds).toBeCloseTo(decode / 10, 12)
})

test('bound by the batch: B sequences share an iteration', () => {
  const free = { prefillSecondsPerToken: 0, decodeSecondsPerContextToken: 0, kvCacheTokens: 1e8 }
  const sizes = { promptTokens: constant(10), outputTokens: constant(100) }
  const serving = batchingServing({ ...free, ...sizes, maxBatch: 8, decodeSecondsPerSequence: 0.001 })
  const rate = saturatedRate(serving, drawRequests(serving, 1_000, 1))
  // A hundred iterations each, of which the first reads: 8·99/100 sequences decode in one.
  expect(Math.abs(rate / (8 / (100 * (0.02 + 0.001 * 8 * 0.99))) - 1)).toBeLessThan(0.02)
  expect(batchingModel(serving, { endToEndP99Ms: 1e6, firstTokenP99Ms: 1_000 }, 1).boundBy).toBe('batch')
})

test('bound by memory: the cache holds as many mean contexts as fit', () => {
  const free = { prefillSecondsPerToken: 0, decodeSecondsPerSequence: 0, decodeSecondsPerContextToken: 0 }
  const sizes = { promptTokens: constant(400), outputTokens: constant(200) }
  const serving = batchingServing({ ...free, ...sizes, maxBatch: 10_000, kvCacheTokens: 50_000 })
  const rate = saturatedRate(serving, drawRequests(serving, 3_000, 1))
  const together = 50_000 / (400 + 200 / 2)
  // What is thrown out and read again costs a little; nothing can be won.
  const share = rate / (together / (200 * 0.02))
  expect(share).toBeLessThan(1.01)
  expect(share).toBeGreaterThan(0.85)
  expect(batchingModel(serving, { endToEndP99Ms: 1e6, firstTokenP99Ms: 1_000 }, 1).boundBy).toBe('memory')
})

test('more memory, a larger batch, a looser objective: never fewer requests', () => {
  const requests = (serving: ReturnType<typeof batchingServing>) => drawRequests(serving, 800, 3)
  const rates = (changes: Parameters<typeof batchingServing>[0][]) =>
    changes.map((change) => batchingServing(change)).map((it) => saturatedRate(it, requests(it)))
  const rising = (values: number[]) => {
    for (const [i, value] of values.entries())
      expect(value).toBeGreaterThanOrEqual((values[i - 1] ?? 0) * 0.98)
  }
  rising(rates([2_000, 6_000, 20_000, 60_000].map((kvCacheTokens) => ({ kvCacheTokens }))))
  rising(rates([1, 4, 16, 64].map((maxBatch) => ({ maxBatch }))))
  const objectives = [5_000, 15_000, 30_000, 60_000]
  const sustained = objectives.map(
    (endToEndP99Ms) => batchingModel(batchingServing(), { endToEndP99Ms }, 3).sustainableRequestsPerSecond,
  )
  rising(sustained)
  expect(sustained[0]).toBe(0)
  expect(sustained.at(-1)).toBeGreaterThan(1)
})

test('the sustainable rate keeps the objective, and 5 % more does not', () => {
  const serving = batchingServing()
  const objective = { endToEndP99Ms: 1e6, firstTokenP99Ms: 400 }
  const model = batchingModel(serving, objective, 11)
  const requests = drawRequests(serving, 2_000, 11)
  const late = (rate: number) => {
    const sorted = simulateReplica(serving, requests, rate)
      .served.slice(200)
      .map(({ firstTokenSeconds }) => firstTokenSeconds * 1_000)
      .toSorted((a, b) => a - b)
    return (sorted[Math.ceil(0.99 * sorted.length) - 1] ?? 0) > objective.firstTokenP99Ms
  }
  expect(late(model.sustainableRequestsPerSecond)).toBe(false)
  expect(late(model.sustainableRequestsPerSecond * 1.05)).toBe(true)
  expect(batchingModel(serving, objective, 11)).toEqual(model)
})

test('the table is read between its points, and has nothing to say from saturation on', () => {
  const model = batchingModel(batchingServing(), { endToEndP99Ms: 30_000 }, 5)
  const [first, second] = model.points
  if (!first || !second) throw new Error('a table has points')
  const middle = (first.requestsPerSecond + second.requestsPerSecond) / 2
  expect(latencyAt(model, 0)).toBe(first.endToEndP99Ms)
  expect(latencyAt(model, middle)).toBeCloseTo((first.endToEndP99Ms + second.endToEndP99Ms) / 2, 9)
  expect(latencyAt(model, model.saturatedRequestsPerSecond)).toBeNull()
})
