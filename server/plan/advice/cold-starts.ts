import type { DemandStep } from './figures.ts'

export type ServerlessTerms = {
  stepSeconds: number
  /** How long one request holds its place. */
  serviceSeconds: number
  concurrencyPerInstance: number
  /** How long an instance that is not needed any more stays. */
  keptSeconds: number
}

/**
 * Instances that each step needs at its busiest: offered load and 2.33 standard deviations of Poisson arrivals, over the
 * requests that one serves at once.
 */
export function instancesNeeded(steps: readonly DemandStep[], terms: ServerlessTerms): number[] {
  return steps.map(({ demand }) => {
    const load = demand * terms.serviceSeconds
    return demand > 0 ? Math.ceil((load + 2.33 * Math.sqrt(load)) / terms.concurrencyPerInstance - 1e-9) : 0
  })
}

/**
 * Share of requests that meet a cold instance when `warm` are always kept: each instance that was not there within the time that
 * instances stay makes as many requests wait as it serves at once. Of no requests, 0.
 */
export function coldShare(
  steps: readonly DemandStep[],
  needed: readonly number[],
  warm: number,
  terms: ServerlessTerms,
): number {
  const kept = Math.max(1, Math.ceil(terms.keptSeconds / terms.stepSeconds))
  let cold = 0
  let requests = 0
  for (const [i, { demand }] of steps.entries()) {
    const arrived = demand * terms.stepSeconds
    requests += arrived
    let there = warm
    for (let before = Math.max(0, i - kept); before < i; before++)
      there = Math.max(there, needed[before] ?? 0)
    const started = Math.max(0, (needed[i] ?? 0) - there)
    // What starts at the first step was not seen to start.
    if (i > 0) cold += Math.min(arrived, started * terms.concurrencyPerInstance)
  }
  return requests > 0 ? cold / requests : 0
}

/** Fewest warm instances with which at most `most` of the requests start cold. */
export function warmFor(
  steps: readonly DemandStep[],
  needed: readonly number[],
  most: number,
  terms: ServerlessTerms,
): number {
  let low = 0
  let high = Math.max(0, ...needed)
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (coldShare(steps, needed, middle, terms) <= most) high = middle
    else low = middle + 1
  }
  return low
}
