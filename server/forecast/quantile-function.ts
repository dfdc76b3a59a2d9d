/** Smallest chance that a tail is extrapolated to: no forecast is ever certain. */
const TAIL = 1e-4

/**
 * Probability that a value lies above `threshold`, from quantiles. Between two levels the distribution is
 * taken as even; beyond the outermost ones it decays exponentially at the pace of the outermost interval.
 */
export function exceedance(levels: readonly number[], values: readonly number[], threshold: number): number {
  const last = levels.length - 1
  const lowest = values[0] ?? Number.NaN
  const highest = values[last] ?? Number.NaN
  if (threshold < lowest) {
    const gap = (values[1] ?? lowest) - lowest
    return 1 - tail(levels[0] ?? 0, (levels[1] ?? 1) / (levels[0] ?? 1), (lowest - threshold) / gap)
  }
  if (threshold >= highest) {
    const outer = 1 - (levels[last] ?? 1)
    const gap = highest - (values[last - 1] ?? highest)
    return tail(outer, (1 - (levels[last - 1] ?? 0)) / outer, (threshold - highest) / gap)
  }
  for (let i = last - 1; i >= 0; i--) {
    const low = values[i] ?? lowest
    const high = values[i + 1] ?? highest
    if (threshold < low) continue
    const share = high > low ? (threshold - low) / (high - low) : 1
    const levelLow = levels[i] ?? 0
    return 1 - (levelLow + share * ((levels[i + 1] ?? 1) - levelLow))
  }
  return 1
}

/** Mass beyond the outermost quantile, falling by `ratio` per width of the outermost interval. */
function tail(mass: number, ratio: number, widths: number): number {
  // A zero-width interval gives NaN at the quantile itself and infinity beyond it.
  if (Number.isNaN(widths)) return mass
  return Math.max(TAIL, mass * ratio ** -widths)
}

/** Quantile of `level` from neighbouring levels, linear between them and held constant outside. */
export function quantileAt(levels: readonly number[], values: readonly number[], level: number): number {
  const upper = levels.findIndex((candidate) => candidate >= level)
  if (upper < 0) return values.at(-1) ?? Number.NaN
  const high = values[upper] ?? Number.NaN
  if (upper === 0) return high
  const levelLow = levels[upper - 1] ?? 0
  const low = values[upper - 1] ?? Number.NaN
  return low + ((level - levelLow) / ((levels[upper] ?? 1) - levelLow)) * (high - low)
}
