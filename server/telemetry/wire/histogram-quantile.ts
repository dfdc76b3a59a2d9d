/**
 * Quantile of an explicit-bucket histogram, linear within its bucket, as Prometheus' `histogram_quantile` has it: the
 * lowest bucket begins at 0 when its bound is positive, and what lies in the last, open one counts as its lower bound.
 * `counts` has one more entry than `bounds`. Null when there is nothing to say.
 */
export function histogramQuantile(quantile: number, bounds: number[], counts: number[]): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0 || bounds.length === 0 || counts.length !== bounds.length + 1) return null
  const rank = quantile * total
  let below = 0
  for (const [index, count] of counts.entries()) {
    const upper = bounds[index]
    const lower = bounds[index - 1]
    if (upper === undefined) return lower ?? null
    if (below + count >= rank && count > 0) {
      const from = lower ?? (upper > 0 ? 0 : upper)
      return from + ((upper - from) * (rank - below)) / count
    }
    below += count
  }
  return null
}
