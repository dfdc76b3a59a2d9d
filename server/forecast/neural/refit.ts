import { seededRandom } from '../../kernel/rng.ts'
import { baseParameters, type StoredBase, storeBase } from './base-model.ts'
import { anchorRows } from './base-recipe.ts'
import type { ForgettingTest } from './contract.ts'
import { forgettingTest, type HeldOut } from './forgetting-test.ts'
import { INPUTS, ROW } from './net-shape.ts'
import { DEMAND_KINDS } from './synthetic-demand.ts'
import { fisherOf, train } from './train.ts'
import { joinRows, type Rows } from './training-rows.ts'

const PASSES = 3
const RATE = 0.003
/** Weight of elastic weight consolidation against the loss. */
const STRENGTH = 20
/** Every so-manieth row of a workload is held out for the test. */
const HELD_OUT_EVERY = 3
const TRAINING_ANCHORS = { seriesPerKind: 6, rowsPerSeries: 400 }
const TEST_ANCHORS = { seriesPerKind: 3, rowsPerSeries: 400 }
/** Rows of workloads are few beside anchors, so each counts up to this many times. */
const LARGEST_REPEAT = 20
/** Anchors of training and test never share a seed with each other or with the shipped base. */
const TRAINING_SEED = 2
const TEST_SEED = 3

export type WorkloadRows = { name: string; rows: Rows }
export type Refitted = { base: StoredBase; test: ForgettingTest }

/**
 * Refits a base on the replayed rows of all workloads and on synthetic anchors, with elastic weight consolidation towards
 * the present one, and tests what it forgot. Pure: the same rows and seed give the same bytes. Yields between its parts, so
 * that the caller may let other work in.
 */
export function* refit(
  current: StoredBase,
  workloads: readonly WorkloadRows[],
  { version, seed }: { version: string; seed: number },
): Generator<undefined, Refitted> {
  const { weights: before, fisher } = baseParameters(current)
  const own: Rows[] = []
  const heldOut: HeldOut[] = []
  for (const { name, rows } of workloads) {
    const parts = Map.groupBy(usableRows(rows), (_, i) => (i % HELD_OUT_EVERY === 0 ? 'test' : 'training'))
    own.push(joinRows(parts.get('training') ?? []))
    heldOut.push({ name, kind: 'workload', rows: joinRows(parts.get('test') ?? []) })
  }
  const anchors: Rows[] = []
  for (const kind of DEMAND_KINDS) {
    anchors.push(anchorRows(kind, { ...TRAINING_ANCHORS, seed: TRAINING_SEED }))
    heldOut.push({ name: kind, kind: 'anchor', rows: anchorRows(kind, { ...TEST_ANCHORS, seed: TEST_SEED }) })
    yield
  }
  const anchor = joinRows(anchors)
  const replayed = joinRows(own)
  const repeat = Math.min(LARGEST_REPEAT, Math.max(1, Math.round(anchor.count / 2 / replayed.count)))
  const rows = joinRows([anchor, ...Array.from({ length: repeat }, () => replayed)])
  const weights = before.slice()
  const options = { passes: PASSES, rate: RATE, random: seededRandom(seed) }
  for (const _ of train(weights, rows, {
    ...options,
    anchor: { weights: before, fisher, strength: STRENGTH },
  }))
    yield
  const about = { version, parent: current.version, trainedRows: anchor.count + replayed.count }
  const base = storeBase(about, weights, fisherOf(weights, rows))
  // What is tested is what is stored: float32.
  const test = forgettingTest(before, baseParameters(base).weights, heldOut)
  return { base, test }
}

/** The rows one by one, without any that holds a number that is not finite. */
function usableRows({ values, count }: Rows): Rows[] {
  return Array.from({ length: count }, (_, row) => values.subarray(row * ROW, (row + 1) * ROW))
    .filter((row) => row.length > INPUTS && row.every(Number.isFinite))
    .map((row) => ({ values: row, count: 1 }))
}
