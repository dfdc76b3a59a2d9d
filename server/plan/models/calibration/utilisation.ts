import { median } from './goodness.ts'
import type { PoolStep } from './observations.ts'

const fewest = 100

/** Utilisation as a straight line over demand per replica, and how much of its variance that explains. */
export type UtilisationLine = { idle: number; perUnit: number; explainedShare: number; observations: number }

/**
 * Robust line through (demand per replica, utilisation): Huber's weights at 1.5 median deviations, ten rounds. Null where
 * there is too little, or load never changes. Accelerators that show "busy" whenever anything runs give no line.
 */
export function utilisationLine(steps: readonly PoolStep[]): UtilisationLine | null {
  const points = steps.flatMap(({ demand, readyReplicas, utilisation }) =>
    demand === null || readyReplicas === null || readyReplicas <= 0 || utilisation === null
      ? []
      : [{ x: demand / readyReplicas, y: utilisation, weight: 1 }],
  )
  if (points.length < fewest) return null
  let idle = 0
  let perUnit = 0
  for (let round = 0; round < 10; round++) {
    let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0]
    for (const { x, y, weight } of points) {
      w += weight
      wx += weight * x
      wy += weight * y
      wxx += weight * x * x
      wxy += weight * x * y
    }
    const spread = w * wxx - wx * wx
    if (!(spread > 1e-9 * w * wxx)) return null
    perUnit = (w * wxy - wx * wy) / spread
    idle = (wy - perUnit * wx) / w
    const scale = 1.5 * 1.4826 * median(points.map(({ x, y }) => Math.abs(y - idle - perUnit * x))) + 1e-9
    for (const point of points) {
      const off = Math.abs(point.y - idle - perUnit * point.x)
      point.weight = off <= scale ? 1 : scale / off
    }
  }
  const mean = points.reduce((sum, { y }) => sum + y, 0) / points.length
  let [left, whole] = [0, 0]
  for (const { x, y } of points) {
    left += (y - idle - perUnit * x) ** 2
    whole += (y - mean) ** 2
  }
  return { idle, perUnit, explainedShare: whole > 0 ? 1 - left / whole : 0, observations: points.length }
}

/** Units per second at which one replica would be busy all the time, where utilisation follows demand closely enough to say so. */
export function capacityByUtilisation(line: UtilisationLine | null): number | null {
  if (line === null || line.explainedShare < 0.8 || !(line.perUnit > 0)) return null
  return (1 - Math.min(0.5, Math.max(0, line.idle))) / line.perUnit
}
