import type { LearnedTime } from '../contract.ts'

/** Observations that what is declared counts as much as. */
const declaredWeight = 8

export type DeclaredTime = { p50Seconds: number; p90Seconds: number }

/**
 * Quantiles of a time from past measurements, shrunk towards the declared ones: a weighted geometric mean in which the
 * declaration counts as eight measurements (an empirical Bayes estimate of a location on the log scale). A measured
 * quantile is the order statistic at ⌈q(n + 1)⌉, so of few measurements the 90 % quantile is their longest. Never less
 * than a second where something was measured; p90 is never under p50.
 */
export function learnTime(measuredSeconds: readonly number[], declared: DeclaredTime): LearnedTime {
  const sorted = measuredSeconds.filter((it) => Number.isFinite(it) && it >= 0).toSorted((a, b) => a - b)
  const observations = sorted.length
  const at = (share: number) =>
    sorted[Math.min(observations, Math.ceil(share * (observations + 1) - 1e-9)) - 1]
  const measuredP50Seconds = at(0.5) ?? null
  const measuredP90Seconds = at(0.9) ?? null
  const p50Seconds = shrunk(measuredP50Seconds, declared.p50Seconds, observations)
  return {
    p50Seconds,
    p90Seconds: Math.max(p50Seconds, shrunk(measuredP90Seconds, declared.p90Seconds, observations)),
    observations,
    measuredP50Seconds,
    measuredP90Seconds,
    declaredP50Seconds: declared.p50Seconds,
    declaredP90Seconds: declared.p90Seconds,
  }
}

function shrunk(measured: number | null, declared: number, observations: number): number {
  if (measured === null) return declared
  const own = observations / (observations + declaredWeight)
  const logOf = (seconds: number) => Math.log(Math.max(1, seconds))
  return Math.round(Math.exp(own * logOf(measured) + (1 - own) * logOf(declared)))
}
