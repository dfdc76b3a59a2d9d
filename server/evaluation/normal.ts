const A = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
]
const B = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572]
const C = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
]
const D = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416]
const TAIL = 0.02425

const horner = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)

/** Quantile of the standard normal law by Acklam's rational approximation; relative error below 1.2e-9. */
export function normalQuantile(level: number): number {
  if (level < TAIL) return tailQuantile(level)
  if (level > 1 - TAIL) return -tailQuantile(1 - level)
  const q = level - 0.5
  const r = q * q
  return (horner(A, r) * q) / (horner(B, r) * r + 1)
}

function tailQuantile(level: number): number {
  const q = Math.sqrt(-2 * Math.log(level))
  return horner(C, q) / (horner(D, q) * q + 1)
}
