import type { TallyState } from './state.ts'

/** Steps that are judged together: costs of neighbouring steps are not independent. */
export const BLOCK_STEPS = 12
/** Steps after which what was learned of a candidate counts for 1/e. */
export const MEMORY_STEPS = 4_000
/** How steeply trust follows the evidence; two is about the odds of a normal deviation. */
export const STEEPNESS = 2

const STEP_DECAY = 1 - 1 / MEMORY_STEPS
const BLOCK_DECAY = STEP_DECAY ** BLOCK_STEPS

export const freshTally = (): TallyState => ({ regret: 0, spread: 0, open: 0, recentCost: 0 })

/** Takes the cost of one step: `score` is what it is judged by, `mixed` the same of all candidates by their weight. */
export function charge(tally: TallyState, score: number, mixed: number, cost: number): void {
  tally.open += mixed - score
  tally.recentCost = STEP_DECAY * tally.recentCost + cost
}

/** Ends a block: what was gained on the mixture in it is added up, and its square. */
export function closeBlock(tally: TallyState): void {
  tally.regret = BLOCK_DECAY * tally.regret + tally.open
  tally.spread = BLOCK_DECAY * tally.spread + tally.open * tally.open
  tally.open = 0
}

/** Regret in units of its own deviation. */
export const evidenceOf = ({ regret, spread }: Pick<TallyState, 'regret' | 'spread'>): number =>
  spread > 0 ? regret / Math.sqrt(spread) : 0

/**
 * Shares of the candidates: prior × exp(2 · regret / √spread). Regret to the mixture in units of its own deviation, as in
 * second-order bounds (Koolen and van Erven 2015, Squint), so that it takes the more evidence the more costs differ by
 * chance, and no rate has to be chosen.
 */
export function weightsOf(tallies: readonly TallyState[], priors: readonly number[]): number[] {
  const logs = tallies.map((tally, i) => STEEPNESS * evidenceOf(tally) + Math.log(priors[i] ?? 0))
  const highest = Math.max(...logs)
  const raw = logs.map((log) => Math.exp(log - highest))
  const sum = raw.reduce((total, each) => total + each, 0)
  return raw.map((each) => each / sum)
}
