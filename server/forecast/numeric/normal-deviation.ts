/** Quantile of the standard normal law at `level`, to 3e-3 (Hastings 1955, approximation 26.2.22 of Abramowitz and Stegun). */
export function deviationsOf(level: number): number {
  if (level > 0.5) return -deviationsOf(1 - level)
  if (level === 0.5) return 0
  const t = Math.sqrt(-2 * Math.log(level))
  return -(t - (2.30753 + 0.27061 * t) / (1 + 0.99229 * t + 0.04481 * t * t))
}
