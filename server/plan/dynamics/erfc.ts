const SERIES_UP_TO = 2
const CONTINUED_FRACTION_TERMS = 60

/**
 * Complementary error function to about 1e-15: the Maclaurin series of erf for small |x|, Laplace's continued fraction
 * for large ones (Abramowitz and Stegun 7.1.5, 7.1.14).
 */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x)
  if (x < SERIES_UP_TO) {
    let term = x
    let sum = x
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
      term *= -(x * x) / n
      sum += term / (2 * n + 1)
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum
  }
  if (x > 27) return 0
  let tail = x
  for (let n = CONTINUED_FRACTION_TERMS; n >= 1; n--) tail = x + n / 2 / tail
  return Math.exp(-x * x) / (tail * Math.sqrt(Math.PI))
}
