import type { Action } from '../contract.ts'

/** Lowest and highest level that a pool may stand at during one moment of a plan. */
export type Range = { low: number; high: number }

/** Levels of the pools that a plan touches, before it, and the range of each in every moment that follows. */
export type Moments = { before: Map<string, number>; ranges: Map<string, Range>[] }

/**
 * While a stage runs, each of its actions may have happened or not, in any mixture, and those of earlier stages have:
 * so the range of a pool spans what its actions of the stage lead from and to. The last moment is when all is done.
 */
export function momentsOf(actions: readonly Action[]): Moments {
  const before = new Map<string, number>()
  for (const { poolId, fromReplicas } of actions) if (!before.has(poolId)) before.set(poolId, fromReplicas)
  const level = new Map(before)
  const ranges: Map<string, Range>[] = []
  for (const stage of stagesOf(actions)) {
    const range = new Map([...level].map(([poolId, at]) => [poolId, { low: at, high: at }]))
    for (const { poolId, toReplicas } of stage) {
      const { low, high } = range.get(poolId) ?? { low: toReplicas, high: toReplicas }
      range.set(poolId, { low: Math.min(low, toReplicas), high: Math.max(high, toReplicas) })
      level.set(poolId, toReplicas)
    }
    ranges.push(range)
  }
  ranges.push(new Map([...level].map(([poolId, at]) => [poolId, { low: at, high: at }])))
  return { before, ranges }
}

/** Actions by stage, in the order in which the stages are carried out. */
export function stagesOf(actions: readonly Action[]): Action[][] {
  const stages = Map.groupBy(actions, ({ stage }) => stage ?? 0)
  return [...stages].sort(([a], [b]) => a - b).map(([, members]) => members)
}
