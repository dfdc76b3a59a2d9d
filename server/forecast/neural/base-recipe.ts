import { seededRandom } from '../../kernel/rng.ts'
import { type StoredBase, storeBase } from './base-model.ts'
import { DEMAND_KINDS, type DemandKind, syntheticDemand } from './synthetic-demand.ts'
import { fisherOf, freshWeights, train } from './train.ts'
import { joinRows, type Rows, rowsOf } from './training-rows.ts'

/** What a base is trained on, and how; the same recipe gives the same bytes. */
export type BaseRecipe = {
  seed: number
  seriesPerKind: number
  rowsPerSeries: number
  passes: number
  rate: number
}

/** How the shipped base was trained. */
export const SHIPPED_RECIPE: BaseRecipe = {
  seed: 1,
  seriesPerKind: 300,
  rowsPerSeries: 600,
  passes: 8,
  rate: 0.008,
}

const SHORTEST = 100
const LONGEST = 8_000
/** Seeds of kinds lie this far apart, so that no series is drawn twice. */
const SEEDS_PER_KIND = 100_000

/** Rows of seeded synthetic series of one kind, short and long ones alike. */
export function anchorRows(kind: DemandKind, recipe: Omit<BaseRecipe, 'passes' | 'rate'>): Rows {
  const first = recipe.seed * 10_000_000 + DEMAND_KINDS.indexOf(kind) * SEEDS_PER_KIND
  const parts = Array.from({ length: recipe.seriesPerKind }, (_, i) => {
    const random = seededRandom(first + i)
    const length = Math.round(SHORTEST * Math.exp(random() * Math.log(LONGEST / SHORTEST)))
    return rowsOf(syntheticDemand(kind, length, random), recipe.rowsPerSeries, random)
  })
  return joinRows(parts)
}

/** Trains a base from nothing. Yields the mean loss after each pass; returns the base and the rows that it saw. */
export function* trainBase(recipe: BaseRecipe): Generator<number, StoredBase> {
  const rows = joinRows(DEMAND_KINDS.map((kind) => anchorRows(kind, recipe)))
  const random = seededRandom(recipe.seed)
  const weights = freshWeights(random)
  yield* train(weights, rows, { passes: recipe.passes, rate: recipe.rate, random })
  const about = { version: 'base-0', parent: null, trainedRows: rows.count }
  return storeBase(about, weights, fisherOf(weights, rows))
}
