/** Up to this horizon every lead is computed; beyond it leads are spaced geometrically. */
const DENSE_HORIZON = 16

/**
 * Leads at which experts are evaluated. A long horizon uses a grid that widens by two fifths each time, because
 * neighbouring far leads differ little; `expandLeads` interpolates the others.
 */
export function leadGrid(horizon: number): number[] {
  if (horizon <= DENSE_HORIZON) return Array.from({ length: horizon }, (_, i) => i + 1)
  const grid: number[] = []
  for (let lead = 1; lead < horizon; lead = Math.max(lead + 1, Math.round(lead * 1.4))) grid.push(lead)
  // A last step much shorter than the grid's own spacing would be a wasted point.
  const last = grid.at(-1) ?? 1
  if (horizon - last < last * 0.12) grid.pop()
  grid.push(horizon)
  return grid
}

/** For each lead 1…horizon: the grid index at or below it and the share of the next grid point. */
export function leadInterpolation(
  grid: readonly number[],
  horizon: number,
): { index: number; share: number }[] {
  const plan: { index: number; share: number }[] = []
  let index = 0
  for (let lead = 1; lead <= horizon; lead++) {
    while (index + 1 < grid.length && (grid[index + 1] ?? horizon) <= lead) index++
    const low = grid[index] ?? lead
    const high = grid[index + 1]
    plan.push({ index, share: high === undefined ? 0 : (lead - low) / (high - low) })
  }
  return plan
}

/** Lead groups that share mixture weights: {1}, {2 … H/3}, the rest. */
export function leadGroups(grid: readonly number[], horizon: number): number[] {
  return grid.map((lead) => (lead === 1 ? 0 : lead <= Math.max(2, horizon / 3) ? 1 : 2))
}

/**
 * Origins between two that teach a lead: neighbouring far forecasts err alike, so a far lead is judged from every
 * second, fourth, … origin only, and never more than sixteen of its forecasts wait for their value.
 */
export function originStride(lead: number): number {
  let stride = 1
  while (lead >= 16 * stride) stride *= 2
  return stride
}

/** Indices of the grid leads that have a regression of their own: the first four, then every other one, and the last. */
export function regressionLeads(grid: readonly number[]): number[] {
  const last = grid.length - 1
  return grid.flatMap((_, g) => (g < 4 || g === last || (g % 2 === 1 && g !== last - 1) ? [g] : []))
}
