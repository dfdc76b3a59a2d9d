import { type Action, type CapacitySnapshot, type PlanInput, serves } from '../contract.ts'
import { carbonAt, priceAt } from '../models/price.ts'

/** What a plan of several actions is judged by: its own workload, and the others whose pools its actions touch. */
export type SagaInput = { own: PlanInput; others: PlanInput[] }

/** What one step of a pool's level costs and emits in an hour at a moment: a replica, a node, a percent of a size. */
export type StepTerms = {
  price(pool: CapacitySnapshot): number
  carbon(pool: CapacitySnapshot): number
}

export function stepTermsAt(atMs: number): StepTerms {
  const share = ({ control }: CapacitySnapshot) => (control === 'size' ? 0.01 : 1)
  return {
    price: (pool) => priceAt(pool.offering, atMs) * share(pool),
    carbon: (pool) => pool.offering.powerKw * carbonAt(pool.domain, atMs) * share(pool),
  }
}

/**
 * The pools that serve demand. Nodes serve where nothing stands on them: beside replicas in the same place they are the
 * room of those, and must not count twice.
 */
export function servingPools(pools: readonly CapacitySnapshot[]): CapacitySnapshot[] {
  const standsIn = new Set(
    pools.filter(({ control = 'replicas' }) => control === 'replicas').map(({ domain }) => domain.id),
  )
  return pools.filter((pool) => serves(pool) && !(pool.control === 'nodes' && standsIn.has(pool.domain.id)))
}

/** Set-points by pool once all is done; what no action names stays as observed. */
export function levelsAfter(
  pools: readonly CapacitySnapshot[],
  actions: readonly Action[],
): Map<string, number> {
  const levels = new Map(pools.map(({ poolId, desiredReplicas }) => [poolId, desiredReplicas]))
  for (const { poolId, toReplicas } of actions) levels.set(poolId, toReplicas)
  return levels
}

/** Σ level · term over the pools. */
export function sumOver(
  pools: readonly CapacitySnapshot[],
  levels: ReadonlyMap<string, number>,
  term: (pool: CapacitySnapshot) => number,
): number {
  return pools.reduce((sum, pool) => sum + (levels.get(pool.poolId) ?? pool.desiredReplicas) * term(pool), 0)
}
