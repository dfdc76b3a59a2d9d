/**
 * Reads of typed arrays whose index is known to be in range. One function per element type keeps each
 * read monomorphic, so the optimiser inlines it to a plain load.
 */
export function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN
}

export function at32(values: Float32Array, index: number): number {
  return values[index] ?? Number.NaN
}

export function at16(values: Uint16Array, index: number): number {
  return values[index] ?? Number.NaN
}

/** Limits `value` to [low, high]; NaN becomes 0, so that an unknown input is a neutral one. */
export function clipOrZero(value: number, low: number, high: number): number {
  if (value > high) return high
  if (value < low) return low
  return !Number.isNaN(value) ? value : 0
}

/** Sorts values[first … end) by insertion: mixed quantiles are in order already but for a rare swap. */
export function sortRange(values: Float64Array, first: number, end: number): void {
  for (let i = first + 1; i < end; i++) {
    const value = at(values, i)
    let hole = i
    for (; hole > first && at(values, hole - 1) > value; hole--) values[hole] = at(values, hole - 1)
    values[hole] = value
  }
}
