import { FeatureWindow } from '../features.ts'
import { leadGrid } from '../lead-grid.ts'
import { Slab } from '../numeric/slab.ts'
import { Series } from '../series.ts'
import { NetInputs } from './net-inputs.ts'
import { INPUTS, ROW, TARGET } from './net-shape.ts'
import type { DemandSeries } from './synthetic-demand.ts'

const TARGET_CLIP = 50
const HORIZONS = [12, 12, 12, 60, 240] as const

/** Rows for training or judging: `count` rows of ROW numbers each. */
export type Rows = { values: Float32Array; count: number }

/**
 * Draws about `wanted` rows out of a series, from all of its life and all leads, exactly as an engine would see them:
 * nothing after the origin enters the inputs.
 */
export function rowsOf(series: DemandSeries, wanted: number, random: () => number): Rows {
  const horizon = HORIZONS[Math.floor(random() * HORIZONS.length)] ?? 12
  const grid = leadGrid(horizon)
  const slab = new Slab()
  const state = new Series(slab, series.stepSeconds, grid)
  const features = new FeatureWindow(slab, 'identity', state.identity, state, horizon + 1)
  const inputs = new NetInputs(slab, features, grid)
  const rows = new Float32Array(wanted * ROW)
  const x = new Float64Array(INPUTS)
  const share = wanted / series.values.length
  let count = 0
  for (const [step, value] of series.values.entries()) {
    state.learn(value)
    features.project()
    const g = Math.floor(random() * grid.length)
    const origin = step - (grid[g] ?? 0)
    if (random() < share && count < wanted && state.current && origin >= 2 && features.scaleAt(origin) > 0) {
      inputs.readPast(origin, g, x)
      const target = (state.identity.y - features.baseAt(origin)) / features.scaleAt(origin)
      rows.set(x, count * ROW)
      rows[count * ROW + TARGET] = Math.max(-TARGET_CLIP, Math.min(TARGET_CLIP, target))
      count++
    }
    features.write(step)
    inputs.record(step, state)
  }
  return { values: rows.subarray(0, count * ROW), count }
}

/** Several sets of rows as one. */
export function joinRows(parts: readonly Rows[]): Rows {
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  const values = new Float32Array(count * ROW)
  let first = 0
  for (const part of parts) {
    values.set(part.values, first)
    first += part.count * ROW
  }
  return { values, count }
}
