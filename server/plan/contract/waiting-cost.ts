/** People are not asked for more haste than this, whatever a policy declares. */
const minDecideSeconds = 60

/** What the cost of waiting is made of; the same numbers stand in a row of the inbox. */
export type Waiting = {
  /** Expected cost of doing nothing minus that of the plan, in USD; below zero where nobody loses by waiting. */
  regretUsd: number
  /** Within how long people decide nine times in ten. */
  decideSeconds: number
  /** ISO 8601. */
  actBy: string
}

/**
 * What is expected to be lost by leaving a proposal where it is, in USD: its regret times the chance that nobody gets to it
 * before its act-by time. Times to decide are taken as exponential with the given p90, so the chance is 10^(−left ÷ p90): it
 * grows tenfold with every p90 that passes, and is 1 from the act-by time on. `now` in milliseconds.
 */
export function waitingCostUsd({ regretUsd, decideSeconds, actBy }: Waiting, now: number): number {
  const leftSeconds = Math.max(0, (Date.parse(actBy) - now) / 1_000)
  return Math.max(0, regretUsd) * 10 ** (-leftSeconds / Math.max(minDecideSeconds, decideSeconds))
}
