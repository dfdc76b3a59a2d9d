import { FEATURES, type FeatureWindow } from '../features.ts'
import { at, at32 } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'
import type { Series } from '../series.ts'
import {
  AGE,
  COMMON_DIRECT,
  LEAD_INVERSE,
  LEAD_LOG,
  LEVEL,
  LEVEL_HALF,
  PROFILE_AHEAD,
  PROFILES_AHEAD,
  STEADINESS,
  VOLATILITY,
  ZERO,
} from './net-shape.ts'

const CONTEXT = 3
const LARGEST_LOG_RATIO = 4

/**
 * Rows for the net out of the regressors that the direct regressions use, and a few ratios of the origin that are kept
 * until the target has come.
 */
export class NetInputs {
  private readonly features: FeatureWindow
  private readonly context: Float32Array
  private readonly window: number
  private readonly regressors = new Float64Array(FEATURES)
  private readonly leadLog: Float64Array
  private readonly leadInverse: Float64Array

  constructor(slab: Slab, features: FeatureWindow, grid: readonly number[], window: number) {
    this.features = features
    this.window = window
    this.context = slab.f32('neural.context', CONTEXT * window)
    this.leadLog = Float64Array.from(grid, (lead) => Math.log2(lead) / 4)
    this.leadInverse = Float64Array.from(grid, (lead) => 1 / lead)
  }

  /** Keeps what the features of origin `step` do not hold. */
  record(step: number, series: Series): void {
    const { sigma, slow, steady, count } = series.identity
    const first = (step % this.window) * CONTEXT
    this.context[first] = logRatio(sigma, slow)
    this.context[first + 1] = logRatio(slow, steady)
    this.context[first + 2] = 1 / Math.sqrt(Math.max(1, count))
  }

  /** Writes the inputs for one lead of origin `step` into `x`. */
  read(step: number, leadIndex: number, x: Float64Array): void {
    const first = (step % this.window) * CONTEXT
    const level = Math.abs(this.features.baseAt(step)) / this.features.scaleAt(step)
    this.readLead(step, leadIndex, x)
    x[VOLATILITY] = at32(this.context, first)
    x[STEADINESS] = at32(this.context, first + 1)
    x[AGE] = at32(this.context, first + 2)
    x[LEVEL] = level / (LEVEL_HALF + level)
    x[ZERO] = level === 0 ? 1 : 0
  }

  /** Writes what differs between leads, for an origin whose other inputs are in `x` already. */
  readLead(step: number, leadIndex: number, x: Float64Array): void {
    const { regressors } = this
    this.features.read(step, leadIndex, regressors)
    for (let i = 0; i < COMMON_DIRECT; i++) x[i] = at(regressors, 1 + i)
    for (let i = 0; i < PROFILES_AHEAD; i++) x[PROFILE_AHEAD + i] = at(regressors, 1 + COMMON_DIRECT + i)
    x[LEAD_LOG] = at(this.leadLog, leadIndex)
    x[LEAD_INVERSE] = at(this.leadInverse, leadIndex)
  }
}

function logRatio(a: number, b: number): number {
  const ratio = Math.log(a / b)
  return Number.isNaN(ratio) ? 0 : Math.max(-LARGEST_LOG_RATIO, Math.min(LARGEST_LOG_RATIO, ratio))
}
