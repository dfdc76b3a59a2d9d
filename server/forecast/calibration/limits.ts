import { at, sortRange } from '../numeric/arrays.ts'

/**
 * Puts every row of `count` quantiles in order (rearrangement, Chernozhukov et al. 2010: never further from the truth),
 * within [0, cap], and to zero where it is below `zeroBelow`.
 */
export function limitQuantiles(values: Float64Array, count: number, cap: number, zeroBelow: number): void {
  for (let first = 0; first < values.length; first += count) sortRange(values, first, first + count)
  for (let i = 0; i < values.length; i++) {
    const value = at(values, i)
    values[i] = value < zeroBelow || value < 0 ? 0 : value > cap ? cap : value
  }
}
