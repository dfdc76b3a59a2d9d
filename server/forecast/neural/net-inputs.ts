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

  constructor(slab: Slab, features: FeatureWindow, grid: readonly number[]) {
    this.features = features
    this.window = (grid.at(-1) ?? 0) + 1
    this.context = slab.f32('neural.context', CONTEXT * this.window)
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

  /** Writes the inputs of a past origin, whose target at this lead is the current step, into `x`. */
  readPast(origin: number, leadIndex: number, x: Float64Array): void {
    const { features, regressors } = this
    features.readPast(origin, leadIndex, regressors)
    this.fill(leadIndex, x)
    this.fillContext(origin, features.baseAt(origin) / features.scaleAt(origin), x)
  }

  /** Writes the inputs of the current step, which the features have recorded, into `x`. */
  readNow(step: number, leadIndex: number, x: Float64Array): void {
    const { space } = this.features
    this.readLeadNow(leadIndex, x)
    this.fillContext(step, space.y / space.sigma, x)
  }

  /** Writes what differs between leads, for a current step whose other inputs are in `x` already. */
  readLeadNow(leadIndex: number, x: Float64Array): void {
    this.features.readNow(leadIndex, this.regressors)
    this.fill(leadIndex, x)
  }

  private fill(leadIndex: number, x: Float64Array): void {
    const { regressors } = this
    for (let i = 0; i < COMMON_DIRECT; i++) x[i] = at(regressors, 1 + i)
    for (let i = 0; i < PROFILES_AHEAD; i++) x[PROFILE_AHEAD + i] = at(regressors, 1 + COMMON_DIRECT + i)
    x[LEAD_LOG] = at(this.leadLog, leadIndex)
    x[LEAD_INVERSE] = at(this.leadInverse, leadIndex)
  }

  private fillContext(step: number, level: number, x: Float64Array): void {
    const first = (step % this.window) * CONTEXT
    x[VOLATILITY] = at32(this.context, first)
    x[STEADINESS] = at32(this.context, first + 1)
    x[AGE] = at32(this.context, first + 2)
    x[LEVEL] = level / (LEVEL_HALF + level)
    x[ZERO] = level === 0 ? 1 : 0
  }
}

function logRatio(a: number, b: number): number {
  const ratio = Math.log(a / b)
  return Number.isNaN(ratio) ? 0 : Math.max(-LARGEST_LOG_RATIO, Math.min(LARGEST_LOG_RATIO, ratio))
}
