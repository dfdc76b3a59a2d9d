/** The `count` errors that `errorAt` gives, in order; NaN is left out. */
export function sortedErrors(count: number, errorAt: (t: number) => number): Float64Array {
  const errors = new Float64Array(Math.max(0, count))
  let kept = 0
  for (let t = 0; t < count; t++) {
    const error = errorAt(t)
    if (!Number.isNaN(error)) errors[kept++] = error
  }
  return errors.subarray(0, kept).sort()
}

/** Linear between order statistics (Hyndman and Fan 1996, type 7); 0 of an empty sample. */
export function empiricalQuantile(sorted: Float64Array, level: number): number {
  if (sorted.length === 0) return 0
  const position = level * (sorted.length - 1)
  const low = Math.floor(position)
  const base = sorted[low] ?? 0
  return base + (position - low) * ((sorted[low + 1] ?? base) - base)
}
