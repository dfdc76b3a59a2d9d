import type { JointRanks, LeadForecast } from '../contract.ts'
import { exceedance } from '../quantile-function.ts'

/** Rows from which the joint estimate has all the say; before, "all leads move as one" has the rest. */
const FULL_TRUST = 40

/** What the probabilities of a span are read from; `ForecastSnapshot` has this shape. */
export type PathForecast = {
  levels: readonly number[]
  leads: readonly LeadForecast[]
  joint: JointRanks | null
}

/** Demand that can be served: one number, or one per lead (the last holds on) when more is on its way. */
export type Capacity = number | readonly number[]

export const capacityAt = (capacity: Capacity, i: number): number =>
  typeof capacity === 'number' ? capacity : (capacity[i] ?? capacity.at(-1) ?? 0)

/** Probability that demand stays within capacity at each lead, from the quantiles of that lead alone. */
export function safety({ leads, levels }: PathForecast, capacity: Capacity): Float64Array {
  return Float64Array.from(leads, ({ values }, i) => 1 - exceedance(levels, values, capacityAt(capacity, i)))
}

/** Ranks per joint row and lead, decoded once per snapshot. */
const decoded = new WeakMap<JointRanks, RankTable>()
export type RankTable = { samples: number; leads: number; ranks: Uint16Array }

/**
 * The rank of every row among all rows, lead by lead from 1 to the last grid lead: 0 … samples − 1, each once per
 * lead, so that reading them through a forecast keeps the quantiles of every single lead exactly. Between grid
 * leads, probabilities are interpolated and ranked anew.
 */
export function rankTable(joint: JointRanks): RankTable {
  const known = decoded.get(joint)
  if (known !== undefined) return known
  const bytes = Buffer.from(joint.ranks, 'base64')
  const width = joint.leads.length
  const horizon = joint.leads.at(-1) ?? 0
  const { samples } = joint
  const ranks = new Uint16Array(samples * horizon)
  const column = new Float64Array(samples)
  const mean = Float64Array.from({ length: samples }, (_, row) => {
    let sum = 0
    for (let g = 0; g < width; g++) sum += bytes[row * width + g] ?? 0
    return sum / (256 * width)
  })
  let g = 0
  for (let lead = 1; lead <= horizon; lead++) {
    while (g + 1 < width && (joint.leads[g + 1] ?? horizon) <= lead) g++
    const low = joint.leads[g] ?? lead
    const share = g + 1 < width ? Math.max(0, (lead - low) / ((joint.leads[g + 1] ?? low) - low)) : 0
    for (let row = 0; row < samples; row++) {
      const here = bytes[row * width + g] ?? 0
      const next = bytes[row * width + Math.min(width - 1, g + 1)] ?? here
      // Equal bytes are told apart by the row as a whole, so that leads stay together.
      column[row] = here + share * (next - here) + (mean[row] ?? 0) / 256
    }
    const order = Array.from(column.keys()).sort((a, b) => (column[a] ?? 0) - (column[b] ?? 0) || a - b)
    for (const [rank, row] of order.entries()) ranks[row * horizon + lead - 1] = rank
  }
  const table = { samples, leads: horizon, ranks }
  decoded.set(joint, table)
  return table
}

/** Chance of passing capacity by each lead, and where on each row's cell it passes at any of them. */
export type Passing = { chanceBy: Float64Array; positions: Float64Array }

/**
 * How likely demand has passed capacity by each of the first `count` leads. From joint sample paths where there are
 * some, shrunk towards leads that move as one while rows are few; otherwise the largest single lead so far, which is
 * then a lower bound.
 *
 * A rank is a cell of width 1 / samples, and along a path the position within the cell is one number. The row passes
 * from `positions[row]` on (0 always, 1 never), so the mean of 1 − position is exact for a single lead, is never below
 * the largest one, and far in the tail grows with the number of different rows that lead at some lead.
 */
export function passing(forecast: PathForecast, safe: Float64Array, count: number): Passing {
  const chanceBy = new Float64Array(count)
  const table = forecast.joint === null ? null : rankTable(forecast.joint)
  const samples = table?.samples ?? 0
  const positions = new Float64Array(samples).fill(1)
  const trust = Math.min(1, samples / FULL_TRUST)
  let single = 0
  for (let i = 0; i < count; i++) {
    single = Math.max(single, 1 - (safe[i] ?? 1))
    const joint = table === null ? 0 : lower(positions, table, forecast.leads[i]?.lead ?? 1, safe[i] ?? 1)
    chanceBy[i] = single + trust * Math.max(0, joint - single)
  }
  return { chanceBy, positions }
}

/** Takes one more lead into the positions and returns the mean of 1 − position. */
function lower(positions: Float64Array, table: RankTable, lead: number, safe: number): number {
  const { samples, leads, ranks } = table
  const column = Math.min(leads, lead) - 1
  let sum = 0
  for (let row = 0; row < samples; row++) {
    const position = safe * samples - (ranks[row * leads + column] ?? 0)
    if (position < (positions[row] ?? 1)) positions[row] = Math.max(0, position)
    sum += 1 - (positions[row] ?? 1)
  }
  return samples > 0 ? sum / samples : 0
}

/** Probability that demand passes capacity at any lead of the forecast, as `passing` has it. */
export function passProbability(forecast: PathForecast, capacity: Capacity): number {
  const { chanceBy } = passing(forecast, safety(forecast, capacity), forecast.leads.length)
  return chanceBy.at(-1) ?? 0
}
