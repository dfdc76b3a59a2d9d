import type { ExpertPanel } from '../expert-panel.ts'
import type { Series } from '../series.ts'
import type { Contribution } from './contract.ts'

/** The groups that explanations speak of, in the order they are shown. */
export const GROUP_NAMES = ['level', 'trend', 'season', 'momentum', 'events'] as const
/** Groups that are parts of an expert's location; planned events are a factor on all of them. */
const PARTS = 4
const COALITIONS = 1 << PARTS
const EVENTS = 1 << PARTS

/** |S|! (n − |S| − 1)! / n! for n = 5, by the size of S. */
const SHAPLEY_WEIGHTS = [1 / 5, 1 / 20, 1 / 30, 1 / 20, 1 / 5]

const LABELS: Record<Contribution['group'], string> = {
  level: 'Recent level',
  trend: 'Trend',
  season: 'Time of day and week',
  momentum: 'Latest movement',
  events: 'Planned events',
}

/**
 * Shapley values as they are shown: those of grid leads `low` and `high`, blended by `share`. What they leave of `total`
 * goes to the level: sorting, calibration, voices without parts (the neural expert, a team's own forecaster) and a new
 * level that experts have not caught up with all move the forecast as a whole, and the sum is exact.
 */
export function contributionsOf(
  low: readonly number[],
  high: readonly number[] | null,
  share: number,
  total: number,
): Contribution[] {
  const values = low.map((value, i) => value + share * ((high?.[i] ?? value) - value))
  values[0] = values.slice(1).reduce((rest, value) => rest - value, total)
  return GROUP_NAMES.map((group, i) => ({ group, label: LABELS[group], value: values[i] ?? 0 })).filter(
    ({ group, value }) => group !== 'events' || value !== 0,
  )
}

/** The ordinary level that contributions are measured from: the mean over about 500 observations. */
export function baselineOf(series: Series): number {
  return Math.max(0, series.identity.mean(4))
}

/**
 * Exact Shapley values (Shapley 1953; Lundberg and Lee 2017) of the groups for the mixture's median at one
 * grid lead. A coalition keeps its own parts of every expert's location and leaves the others at the ordinary
 * level; with events it is multiplied by `eventFactor`. `weights`: of every variant of the panel. Returned in the order of
 * GROUP_NAMES; they sum to v(all) − v(∅).
 */
export function shapley(
  panel: ExpertPanel,
  series: Series,
  weights: Float64Array,
  g: number,
  median: number,
  eventFactor: number,
): number[] {
  const usual = coalitionWorths(panel, series, weights, g, median)
  const worth = [...usual, ...usual.map((value) => value * eventFactor)]
  return GROUP_NAMES.map((_, i) => {
    let value = 0
    for (let coalition = 0; coalition < COALITIONS + EVENTS; coalition++) {
      if ((coalition >> i) & 1) continue
      const gain = (worth[coalition | (1 << i)] ?? 0) - (worth[coalition] ?? 0)
      value += (SHAPLEY_WEIGHTS[sizeOf(coalition)] ?? 0) * gain
    }
    return value
  })
}

function coalitionWorths(
  panel: ExpertPanel,
  series: Series,
  weights: Float64Array,
  g: number,
  median: number,
): number[] {
  const worth = new Array<number>(COALITIONS).fill(0)
  const baseline = baselineOf(series)
  let mass = 0
  for (const [k, variant] of panel.variants.entries()) {
    const member = panel.members[variant.point]
    const location = panel.location(k, g)
    if (member === undefined || Number.isNaN(location)) continue
    const weight = weights[k] ?? 0
    const space = variant.logarithmic ? series.log : series.identity
    const base = space.forward(baseline)
    const parts = member.expert.explain(g)
    // What the expert's own error history adds to its location belongs to the level.
    const offset = panel.offset(k, g, median)
    const terms = [parts.level + (space.mean(4) - base), parts.trend, parts.season, parts.momentum]
    mass += weight
    for (let coalition = 0; coalition < COALITIONS; coalition++) {
      let sum = base
      for (let i = 0; i < terms.length; i++) if ((coalition >> i) & 1) sum += terms[i] ?? 0
      const value = Math.min(panel.cap, Math.max(0, space.inverse(sum) + (coalition & 1 ? offset : 0)))
      worth[coalition] = (worth[coalition] ?? 0) + weight * value
    }
  }
  return worth.map((value) => (mass > 0 ? value / mass : baseline))
}

function sizeOf(coalition: number): number {
  let size = 0
  for (let rest = coalition; rest > 0; rest >>= 1) size += rest & 1
  return size
}
