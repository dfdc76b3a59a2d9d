/**
 * A time whose quantiles were learned from the past, and shrunk towards what is declared while there was little to learn from.
 * `p50Seconds` and `p90Seconds` are what plans count with.
 */
export type LearnedTime = {
  p50Seconds: number
  p90Seconds: number
  /** How often it was measured. */
  observations: number
  /** What was measured alone; null before the first time. */
  measuredP50Seconds: number | null
  measuredP90Seconds: number | null
  declaredP50Seconds: number
  declaredP90Seconds: number
}
