import { quantileAt } from '../quantile-function.ts'
import { type PathForecast, rankTable } from './sample-paths.ts'

/** Paths that are read where a forecast has no joint ranks: all leads move as one. */
const ALONE = 64

/**
 * The highest demand of each sample path over the leads of the forecast, one number per path, all equally likely. The
 * paths are the rows of the joint ranks, read in the middle of their cells; the same rows in every call, so that peaks over
 * different leads of one forecast belong together.
 */
export function pathPeaks({ levels, leads, joint }: PathForecast): Float64Array {
  const table = joint === null || joint.samples === 0 ? null : rankTable(joint)
  const samples = table?.samples ?? ALONE
  const peaks = new Float64Array(samples)
  for (const { lead, values } of leads) {
    for (let row = 0; row < samples; row++) {
      const column = table === null ? 0 : Math.min(table.leads, lead) - 1
      const rank = table === null ? row : (table.ranks[row * table.leads + column] ?? 0)
      const value = quantileAt(levels, values, (rank + 0.5) / samples)
      if (value > (peaks[row] ?? 0)) peaks[row] = value
    }
  }
  return peaks
}
