import type { ModelFit } from '../../contract.ts'
import type { Goodness } from './goodness.ts'

/** A fit is used from here on. */
const leastExplained = 0.5
const mostError = 0.15
export const fewestObservations = 200
/** The highest p99 (95 %) must be so much above the lowest (5 %): else nothing was ever seen of a queue. */
export const leastSpread = 1.15

export function fitsWell({ explainedShare, medianRelativeError }: Goodness): boolean {
  return explainedShare >= leastExplained && medianRelativeError <= mostError
}

/** The outcome of a fit that was tried, in numbers and words. */
export function fitOf(observations: number, goodness: Goodness, otherwise: ModelFit['source']): ModelFit {
  const { explainedShare, medianRelativeError } = goodness
  const well = fitsWell(goodness)
  const numbers =
    `explains ${percent(explainedShare)} of the variance of p99, median error ${percent(medianRelativeError)}, ` +
    `on steps that it was not fitted to`
  return {
    source: well ? 'telemetry' : otherwise,
    verdict: well ? 'fits well' : 'fits poorly',
    observations,
    explainedShare,
    medianRelativeError,
    words: well
      ? `Fits well: from ${observations} steps, ${numbers}.`
      : `Fits poorly (${numbers}; ${observations} steps), so ${instead(otherwise)} counts.`,
  }
}

/** Nothing could be fitted. `why` completes "Too few to tell: ". */
export function noFit(observations: number, why: string, otherwise: ModelFit['source']): ModelFit {
  return {
    source: otherwise,
    verdict: 'too few to tell',
    observations,
    explainedShare: null,
    medianRelativeError: null,
    words: `Too few to tell: ${why}; ${instead(otherwise)} counts.`,
  }
}

const instead = (source: ModelFit['source']) =>
  source === 'declared' ? 'what is declared' : 'half the objective as service time'

function percent(share: number): string {
  return `${Math.round(Math.max(-9.99, share) * 100)} %`
}
