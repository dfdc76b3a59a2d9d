import {
  type Action,
  actionOn,
  type CapacitySnapshot,
  type PolicyResult,
  type RuledPlan,
} from '../contract.ts'

/** A plan that somebody wants, what it may be turned into, and what judges it. */
export type Search = {
  wanted: RuledPlan
  /** Pools that actions may name: those of the wanted plan, and others that could stand in for them. */
  pools: readonly CapacitySnapshot[]
  judge: (plan: RuledPlan) => PolicyResult[]
}

export type Found = {
  actions: Action[]
  /** Share of the wanted change of capacity, 0 to 1. */
  share: number
}

const none: ReadonlySet<string> = new Set()

/** What names a result: the published rule, or the bound of the workload's own policy. */
export function keyOf({ name, rule }: PolicyResult): string {
  return name ?? rule
}

/** What refuses a plan unless somebody lets it pass: hard- and soft-mandatory. */
export function refusals(results: readonly PolicyResult[]): PolicyResult[] {
  return results.filter(({ passed, enforcement }) => !passed && enforcement !== 'advisory')
}

/**
 * The plan nearest to the wanted one that nothing mandatory but `ignored` refuses: most of the wanted capacity first, then
 * on the pools that were wanted, then the cheapest. Tried are the wanted set-points, all of them held back alike, and
 * each rise carried by another pool of its workload, alone or on top of what its own may still take. Null if nothing passes.
 *
 * Along each of these the refused part is an interval that ends at the wanted plan (worst moments are convex in the
 * change, and start from what is there), so bisection finds its edge.
 */
export function nearest(search: Search, ignored: ReadonlySet<string> = none): Found | null {
  const passes = (actions: Action[]) =>
    refusals(search.judge({ ...search.wanted, actions })).every((result) => ignored.has(keyOf(result)))
  const { actions: wanted } = search.wanted
  if (wanted.length === 0 || passes(wanted)) return { actions: wanted, share: 1 }
  const found = [heldBack(wanted, passes), ...substitutes(search, passes)].filter(
    (actions) => actions.length > 0,
  )
  const ranked = found
    .map((actions) => ({ actions, share: shareOf(search, actions), ...strangeness(search, actions) }))
    .sort((a, b) => b.share - a.share || a.foreign - b.foreign || a.costUsd - b.costUsd)
  const best = ranked[0]
  return best ? { actions: best.actions, share: best.share } : null
}

/**
 * Rules and bounds that all have to give way before anything of the wanted plan can be done; none of them can be left
 * standing (a minimal correction set, by deletion; hard ones are kept standing first).
 */
export function conflictOf(search: Search): string[] {
  const seen = new Map<string, PolicyResult>()
  const noting: Search = {
    ...search,
    judge: (plan) => {
      const results = search.judge(plan)
      for (const result of refusals(results)) seen.set(keyOf(result), result)
      return results
    },
  }
  const giving = new Set<string>()
  while (nearest(noting, giving) === null) {
    const more = [...seen.keys()].filter((key) => !giving.has(key))
    if (more.length === 0) return [...giving]
    for (const key of more) giving.add(key)
  }
  const hardFirst = [...giving].sort((a, b) => hardness(seen.get(b)) - hardness(seen.get(a)))
  for (const key of hardFirst) {
    giving.delete(key)
    if (nearest(search, giving) === null) giving.add(key)
  }
  return [...giving]
}

function hardness(result: PolicyResult | undefined): number {
  return result?.enforcement === 'hard-mandatory' ? 1 : 0
}

type Passes = (actions: Action[]) => boolean

/** All changes held back by one share; empty if only doing nothing passes. */
function heldBack(actions: Action[], passes: Passes): Action[] {
  const whole = Math.max(...actions.map(changeOf))
  const part = largest(whole, (k) => passes(partOf(actions, k, whole)))
  return partOf(actions, part, whole)
}

function partOf(actions: Action[], k: number, whole: number): Action[] {
  return actions
    .map((action) => {
      const change = Math.floor((changeOf(action) * k) / whole)
      return {
        ...action,
        toReplicas: action.fromReplicas + Math.sign(action.toReplicas - action.fromReplicas) * change,
      }
    })
    .filter((action) => action.toReplicas !== action.fromReplicas)
}

/** Each rise carried by another pool of its workload, after nothing or the most of its own. */
function substitutes({ wanted, pools }: Search, passes: Passes): Action[][] {
  const named = new Set(wanted.actions.map(({ poolId }) => poolId))
  return wanted.actions.flatMap((action, i) => {
    const own = pools.find(({ poolId }) => poolId === action.poolId)
    const rise = action.toReplicas - action.fromReplicas
    if (!own || rise <= 0 || action.kind === 'resume' || action.kind === 'right-size') return []
    const others = pools.filter(
      (pool) => !named.has(pool.poolId) && pool.workloadId === own.workloadId && pool.control === own.control,
    )
    return others
      .flatMap((other) => {
        const rest = wanted.actions.filter((_, j) => j !== i)
        const keep = (k: number): Action[] =>
          k > 0 ? [{ ...action, toReplicas: action.fromReplicas + k }] : []
        const kept = largest(rise, (k) => passes([...rest, ...keep(k)]))
        return [...new Set([kept, 0])].map((k) => {
          const missing = (rise - k) * own.capacityPerReplica
          const room = Math.max(0, other.offering.quotaReplicas - other.desiredReplicas)
          const asked = Math.min(room, Math.ceil(missing / other.capacityPerReplica - 1e-9))
          const raised = (n: number) => actionOn(other, other.desiredReplicas + n, action)
          const withOther = (n: number) => [...rest, ...keep(k), ...(n > 0 ? [raised(n)] : [])]
          if (asked > 0 && passes(withOther(asked))) return withOther(asked)
          return withOther(largest(asked, (n) => passes(withOther(n))))
        })
      })
      .filter(passes)
  })
}

/** Largest k in [0, whole) that passes, where k = 0 does and `whole` does not. */
function largest(whole: number, passes: (k: number) => boolean): number {
  let low = 0
  let high = whole
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (passes(middle)) low = middle
    else high = middle
  }
  return low
}

function changeOf({ fromReplicas, toReplicas }: Action): number {
  return Math.abs(toReplicas - fromReplicas)
}

function capacityOf({ pools }: Search, actions: readonly Action[]): number {
  return actions.reduce((sum, action) => {
    const pool = pools.find(({ poolId }) => poolId === action.poolId)
    return sum + changeOf(action) * (pool?.capacityPerReplica ?? 1)
  }, 0)
}

function shareOf(search: Search, actions: Action[]): number {
  return Math.min(1, capacityOf(search, actions) / capacityOf(search, search.wanted.actions))
}

/** How many pools nobody asked for, and what the actions add to the cost of an hour. */
function strangeness({ wanted, pools }: Search, actions: Action[]): { foreign: number; costUsd: number } {
  const named = new Set(wanted.actions.map(({ poolId }) => poolId))
  const foreign = actions.filter(({ poolId }) => !named.has(poolId)).length
  const costUsd = actions.reduce((sum, { poolId, fromReplicas, toReplicas }) => {
    const pool = pools.find((one) => one.poolId === poolId)
    return sum + (toReplicas - fromReplicas) * (pool?.offering.pricePerReplicaHourUsd ?? 0)
  }, 0)
  return { foreign, costUsd }
}
