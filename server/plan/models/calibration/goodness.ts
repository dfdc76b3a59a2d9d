export type Goodness = { explainedShare: number; medianRelativeError: number }

/** An error of more than this factor counts as this much: one glitch must not hide a good fit. */
const widest = Math.log(4)

/**
 * How well predictions describe measurements, both above 0: the share of the variance of the logarithm that is explained
 * (at most 1, below 0 when the median alone would be better), and the median of |predicted − measured| / measured.
 */
export function goodnessOf(pairs: readonly { predicted: number; measured: number }[]): Goodness {
  const middle = median(pairs.map(({ measured }) => Math.log(measured)))
  let left = 0
  let whole = 0
  for (const { predicted, measured } of pairs) {
    left += Math.min(widest, Math.abs(Math.log(predicted) - Math.log(measured))) ** 2
    whole += Math.min(widest, Math.abs(Math.log(measured) - middle)) ** 2
  }
  return {
    explainedShare: whole > 0 ? 1 - left / whole : 0,
    medianRelativeError: median(
      pairs.map(({ predicted, measured }) => Math.abs(predicted - measured) / measured),
    ),
  }
}

/** Lower median; 0 of nothing. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Order statistic at ⌈qn⌉; 0 of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length - 1e-9) - 1)] ?? 0
}
