import type { DemandLaw } from './demand-law.ts'

/** A pool small enough that every state can be visited. One step, one replica and its price are the units. */
export type SmallPool = {
  /** Steps from an order to ready, at least one; paid from the order on. */
  leadSteps: number
  maxReplicas: number
  /** Price of being short of one replica for one step, in prices of one. */
  penalty: number
}

export type ExactOptimum = {
  /** Mean cost of a step under the optimum, in prices of a replica and step. */
  meanCost: number
  states: number
  /** The best position after value `seen`, with `ready` and orders by due step: `pending[j]` arrives in j + 1 steps. */
  position: (seen: number, ready: number, pending: readonly number[]) => number
}

type Stock = { ready: number; pending: number[] }

const TOLERANCE = 1e-7
const MOST_SWEEPS = 20_000
const MIN_REPLICAS = 1

/**
 * The optimum over all causal policies where the law of demand is known: the dynamic programme of EQ.1 with state = value
 * seen, ready, and orders by age, solved by relative value iteration (Puterman 1994, §8.5) on the dynamics of the replay:
 * removal cancels the newest orders first and ready replicas after them, at once.
 */
export function exactOptimum(law: DemandLaw, pool: SmallPool): ExactOptimum {
  const stocks = stocksOf(pool)
  const keyOf = ({ ready, pending }: Stock) => [ready, ...pending].join()
  const index = new Map(stocks.map((stock, s) => [keyOf(stock), s]))
  const seenCount = law.values.length
  // For every stock: by position, what follows and what is ready while the step is served.
  const moves = stocks.map((stock) =>
    positionsOf(pool).map((position) => {
      const after = decide(stock, position, pool.leadSteps)
      return { position, ready: after.ready, next: index.get(keyOf(arrived(after))) ?? 0 }
    }),
  )
  const short = law.transition.map((row) =>
    Array.from({ length: pool.maxReplicas + 1 }, (_, ready) =>
      row.reduce((sum, chance, j) => sum + chance * Math.max(0, (law.values[j] ?? 0) - ready), 0),
    ),
  )
  let value = new Float64Array(seenCount * stocks.length)
  const choice = new Int32Array(value.length)
  let meanCost = 0
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    const next = new Float64Array(value.length)
    const expected = expectedValues(law, value, stocks.length)
    for (let i = 0; i < seenCount; i++) {
      for (const [s, options] of moves.entries()) {
        let best = Number.POSITIVE_INFINITY
        for (const { position, ready, next: to } of options) {
          const cost =
            position + pool.penalty * (short[i]?.[ready] ?? 0) + (expected[i * stocks.length + to] ?? 0)
          if (cost < best - 1e-12) {
            best = cost
            choice[i * stocks.length + s] = position
          }
        }
        next[i * stocks.length + s] = best
      }
    }
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (const [k, each] of next.entries()) {
      const change = each - (value[k] ?? 0)
      low = Math.min(low, change)
      high = Math.max(high, change)
    }
    meanCost = (low + high) / 2
    const base = next[0] ?? 0
    value = next.map((each) => each - base)
    if (high - low < TOLERANCE) break
  }
  return {
    meanCost,
    states: value.length,
    position: (seen, ready, pending) =>
      choice[seen * stocks.length + (index.get([ready, ...pending].join()) ?? 0)] ?? ready,
  }
}

/** E[value | seen] by stock. */
function expectedValues(law: DemandLaw, value: Float64Array, stocks: number): Float64Array {
  const expected = new Float64Array(value.length)
  for (const [i, row] of law.transition.entries()) {
    for (const [j, chance] of row.entries()) {
      if (chance === 0) continue
      for (let s = 0; s < stocks; s++) {
        expected[i * stocks + s] = (expected[i * stocks + s] ?? 0) + chance * (value[j * stocks + s] ?? 0)
      }
    }
  }
  return expected
}

/** Every stock before a decision: orders that are due in 1 … lead − 1 steps, in bounds as a position. */
function stocksOf({ leadSteps, maxReplicas }: SmallPool): Stock[] {
  const extend = (stocks: Stock[]): Stock[] =>
    stocks.flatMap(({ ready, pending }) => {
      const room = maxReplicas - ready - pending.reduce((sum, count) => sum + count, 0)
      return Array.from({ length: room + 1 }, (_, count) => ({ ready, pending: [...pending, count] }))
    })
  let stocks: Stock[] = Array.from({ length: maxReplicas + 1 }, (_, ready) => ({ ready, pending: [] }))
  for (let due = 1; due < leadSteps; due++) stocks = extend(stocks)
  return stocks
}

const positionsOf = ({ maxReplicas }: SmallPool): number[] =>
  Array.from({ length: maxReplicas - MIN_REPLICAS + 1 }, (_, i) => i + MIN_REPLICAS)

function decide({ ready, pending }: Stock, position: number, leadSteps: number): Stock {
  const orders = [...pending, 0]
  let change = position - ready - pending.reduce((sum, count) => sum + count, 0)
  if (change >= 0) {
    orders[leadSteps - 1] = change
    return { ready, pending: orders }
  }
  for (let due = leadSteps - 1; due >= 1 && change < 0; due--) {
    const cancelled = Math.min(orders[due - 1] ?? 0, -change)
    orders[due - 1] = (orders[due - 1] ?? 0) - cancelled
    change += cancelled
  }
  return { ready: ready + change, pending: orders }
}

const arrived = ({ ready, pending }: Stock): Stock => ({
  ready: ready + (pending[0] ?? 0),
  pending: pending.slice(1),
})
