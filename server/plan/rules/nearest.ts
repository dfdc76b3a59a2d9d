import {
  type Action,
  actionOn,
  type CapacitySnapshot,
  type PolicyResult,
  type RuledPlan,
} from '../contract.ts'
import { changeOf, largest, type Passes, project } from './projection.ts'

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
 * on the pools that were wanted, then the cheapest. Tried are the wanted set-points, each as near as it may come beside the
 * others (`project`), and, on top of that, each rise that is short carried by another pool of its workload, alone or beside
 * what its own may take. Null if nothing passes.
 */
export function nearest(search: Search, ignored: ReadonlySet<string> = none): Found | null {
  const passes = (actions: Action[]) =>
    refusals(search.judge({ ...search.wanted, actions })).every((result) => ignored.has(keyOf(result)))
  const { actions: wanted } = search.wanted
  if (wanted.length === 0 || passes(wanted)) return { actions: wanted, share: 1 }
  // What passes with the rule passes without it; a search that does not try everything must not come to less.
  const kept = ignored.size > 0 ? nearest(search) : null
  const found = [kept?.actions ?? [], ...candidates(search, passes)].filter((actions) => actions.length > 0)
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

/** The projection of what is wanted, and each rise that it leaves short carried by another pool of its workload. */
function candidates(search: Search, passes: Passes): Action[][] {
  const { wanted, pools } = search
  const projected = (actions: Action[]) =>
    project(actions, passes, (some) => ({
      done: capacityOf(search, some),
      costUsd: strangeness(search, some).costUsd,
    }))
  const own = projected(wanted.actions)
  const named = new Set(wanted.actions.map(({ poolId }) => poolId))
  const carried = wanted.actions.flatMap((action) => {
    const pool = pools.find(({ poolId }) => poolId === action.poolId)
    const rise = action.toReplicas - action.fromReplicas
    if (!pool || rise <= 0 || action.kind === 'resume' || action.kind === 'right-size') return []
    const taken = own.find(({ poolId }) => poolId === action.poolId)
    if (taken?.toReplicas === action.toReplicas) return []
    const others = pools.filter(
      (other) =>
        !named.has(other.poolId) && other.workloadId === pool.workloadId && other.control === pool.control,
    )
    if (others.length === 0) return []
    const without = projected(wanted.actions.filter((one) => one !== action))
    return others.flatMap((other) =>
      [own, without].map((base) => {
        const has = base.find(({ poolId }) => poolId === action.poolId)
        const missing = (rise - (has ? changeOf(has) : 0)) * pool.capacityPerReplica
        const room = Math.max(0, other.offering.quotaReplicas - other.desiredReplicas)
        const asked = Math.min(room, Math.ceil(missing / other.capacityPerReplica - 1e-9))
        const raised = (n: number) =>
          n > 0 ? [...base, actionOn(other, other.desiredReplicas + n, action)] : base
        return raised(passes(raised(asked)) ? asked : largest(asked, (n) => passes(raised(n))))
      }),
    )
  })
  return [own, ...carried]
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
function strangeness(
  { wanted, pools }: Search,
  actions: readonly Action[],
): { foreign: number; costUsd: number } {
  const named = new Set(wanted.actions.map(({ poolId }) => poolId))
  const foreign = actions.filter(({ poolId }) => !named.has(poolId)).length
  const costUsd = actions.reduce((sum, { poolId, fromReplicas, toReplicas }) => {
    const pool = pools.find((one) => one.poolId === poolId)
    return sum + (toReplicas - fromReplicas) * (pool?.offering.pricePerReplicaHourUsd ?? 0)
  }, 0)
  return { foreign, costUsd }
}
