import { at } from '../numeric/arrays.ts'

/** Beyond the horizon spreads grow like a random walk's, but no further than this. */
const MOST_GROWTH = 3

/**
 * Widens quantiles, grid leads × levels, whose last value is `age` steps old: lead h then lies h + age steps from what is
 * known, so it gets at least the spread, on each side of the median, of the forecast that far ahead. Medians hold.
 */
export function widen(grid: readonly number[], median: number, quantiles: Float64Array, age: number): void {
  if (age <= 0) return
  const leads = grid.length
  const count = quantiles.length / leads
  const horizon = grid[leads - 1] ?? 1
  for (let g = 0; g < leads; g++) {
    const distance = (grid[g] ?? 1) + age
    const growth = Math.min(MOST_GROWTH, Math.sqrt(Math.max(1, distance / horizon)))
    // Rows further on are not widened yet when this one reads them.
    let next = g
    while (next < leads - 1 && (grid[next] ?? 0) < distance) next++
    const first = g * count
    const middle = at(quantiles, first + median)
    for (let q = 0; q < count; q++) {
      const own = at(quantiles, first + q) - middle
      const later = growth * (at(quantiles, next * count + q) - at(quantiles, next * count + median))
      quantiles[first + q] = middle + (q < median ? Math.min(own, later) : Math.max(own, later))
    }
  }
}
