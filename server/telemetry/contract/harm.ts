/** Why submissions are a loop and no demand, in numbers that add up to the words. Rates per second. */
export type HarmEvidence = {
  /** Start of the first step that is not believed. */
  since: string
  /** Steps that were looked at within the span, and before it for comparison. */
  steps: number
  stepsBefore: number
  submittedBefore: number
  submittedNow: number
  completedBefore: number
  completedNow: number
  failedBefore: number
  failedNow: number
  /** Submissions above those of before, and which share of them failed. */
  excess: number
  excessFailedShare: number
  /** Share of submissions that differ from each other; null where it is not measured. */
  distinctBefore: number | null
  distinctNow: number | null
  /** Standard deviation over mean of the excess: a script is regular, people are not. */
  excessVariation: number
  /** What waited before; null where it is not measured, absent in what was kept before it was asked for. */
  queuedBefore?: number | null
  /** Plain sentences, most important first. */
  words: string[]
}

/** A span of a workload's demand that is recognised as harm. `until` null: it goes on. `dismissed`: a person said it is demand. */
export type HarmView = {
  id: string
  workloadId: string
  since: string
  until: string | null
  detectedAt: string
  dismissed: boolean
  evidence: HarmEvidence
}
