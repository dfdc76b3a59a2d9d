import { quantileAt } from '../../forecast/index.ts'

/** Sums of binary fractions miss whole numbers by a little. */
const TOLERANCE = 1e-9

/** The highest demand of the `level` quantile over some leads; 0 without any. */
export function highestQuantile(
  levels: readonly number[],
  leads: readonly (readonly number[])[],
  level: number,
): number {
  let highest = 0
  for (const values of leads) highest = Math.max(highest, quantileAt(levels, values, level))
  return highest
}

/**
 * Replicas that carry `demand`, at `unit` each. `forgiven`: share of one replica that may be missing; a half where the
 * expected shortfall of the last one decides (the midpoint rule for ∫ P(D > x) over one replica), none where no
 * shortfall is accepted.
 */
export function replicasFor(demand: number, unit: number, forgiven = 0): number {
  return Math.ceil(demand / unit - forgiven - TOLERANCE)
}
