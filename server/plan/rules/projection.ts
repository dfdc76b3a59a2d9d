import type { Action } from '../contract.ts'

/** Whether nothing mandatory refuses the actions; true of none at all. */
export type Passes = (actions: Action[]) => boolean

/** What is compared between two sets of actions: how much of what was wanted they do, and what they add to an hour's cost. */
export type Worth = (actions: readonly Action[]) => { done: number; costUsd: number }

/** Up to so many combinations of levels are all tried; the answer is then the nearest there is. */
const mostTried = 100

/**
 * The levels nearest to the wanted ones that pass, each action by itself: the least of the wanted change left undone (the
 * distance: `done`, an L1 norm weighted by what a replica serves), then the cheapest. Empty if only doing nothing passes.
 *
 * Of several, exact up to `mostTried` combinations. Beyond, the best of: all held back alike, and each taken as far as it goes, one after
 * the other, in several orders and until none goes further. Along one action what is refused is an interval that ends at the
 * wanted level (worst moments are convex in the change, and start from what is there), so bisection finds its edge; where
 * rules are asked of each action by itself, that is the nearest as well.
 */
export function project(wanted: readonly Action[], passes: Passes, worth: Worth): Action[] {
  const sizes = wanted.map(changeOf)
  const combinations = sizes.reduce((product, size) => product * (size + 1), 1)
  if (wanted.length > 1 && combinations <= mostTried)
    return firstPassing(wanted, everyLevel(sizes), passes, worth)
  const tried = [alike(wanted, passes), ...orders(wanted.length).map((order) => climb(wanted, order, passes))]
  return (
    tried
      .map((changes) => ({ actions: held(wanted, changes), ...worth(held(wanted, changes)) }))
      .sort(better)
      .find(({ actions }) => passes(actions))?.actions ?? []
  )
}

type Ranked = ReturnType<Worth>
const better = (a: Ranked, b: Ranked) => b.done - a.done || a.costUsd - b.costUsd

function firstPassing(
  wanted: readonly Action[],
  changes: number[][],
  passes: Passes,
  worth: Worth,
): Action[] {
  const ranked = changes
    .map((each) => held(wanted, each))
    .map((actions) => ({ actions, ...worth(actions) }))
    .sort(better)
  return ranked.find(({ actions }) => passes(actions))?.actions ?? []
}

/** Every combination of changes from none to the wanted one. */
function everyLevel(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (all, size) => all.flatMap((some) => Array.from({ length: size + 1 }, (_, k) => [...some, k])),
    [[]],
  )
}

/** All held back by one share. */
function alike(wanted: readonly Action[], passes: Passes): number[] {
  const sizes = wanted.map(changeOf)
  const whole = Math.max(...sizes)
  const parts = (k: number) => sizes.map((size) => Math.floor((size * k) / whole))
  return parts(largest(whole, (k) => passes(held(wanted, parts(k)))))
}

/** Each in its turn as far as it goes beside the others, until none goes further. */
function climb(wanted: readonly Action[], order: readonly number[], passes: Passes): number[] {
  const changes = wanted.map(() => 0)
  for (let moved = true; moved; ) {
    moved = false
    for (const i of order) {
      const size = changeOf(wanted[i] ?? { fromReplicas: 0, toReplicas: 0 })
      const at = changes[i] ?? 0
      const with_ = (k: number) => held(wanted, changes.with(i, at + k))
      const more = passes(with_(size - at)) ? size - at : largest(size - at, (k) => passes(with_(k)))
      if (more <= 0) continue
      changes[i] = at + more
      moved = true
    }
  }
  return changes
}

/** Each first once, the others behind it in their order, and all of that from behind. */
function orders(count: number): number[][] {
  const forward = Array.from({ length: count }, (_, i) => i)
  const each = forward.map((first) => [first, ...forward.filter((i) => i !== first)])
  return [...each, ...each.map((order) => order.toReversed())]
}

/** The actions with so much of their change each; those with none of it are left out. */
function held(wanted: readonly Action[], changes: readonly number[]): Action[] {
  return wanted.flatMap((action, i) => {
    const change = changes[i] ?? 0
    const { fromReplicas, toReplicas } = action
    if (change === 0) return []
    return [{ ...action, toReplicas: fromReplicas + Math.sign(toReplicas - fromReplicas) * change }]
  })
}

/** Largest k in [0, whole) that passes, where k = 0 does and `whole` does not. */
export function largest(whole: number, passes: (k: number) => boolean): number {
  let low = 0
  let high = whole
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (passes(middle)) low = middle
    else high = middle
  }
  return low
}

/** By how many replicas. */
export function changeOf({ fromReplicas, toReplicas }: Pick<Action, 'fromReplicas' | 'toReplicas'>): number {
  return Math.abs(toReplicas - fromReplicas)
}
