import { z } from 'zod'

export const reviewInput = z.object({ workloadId: z.uuid(), at: z.iso.datetime() })
export type ReviewInput = z.infer<typeof reviewInput>

/** How a forecast fared against what came, over the leads that were measured since; null while there are none. */
export const ReviewScoresSchema = z.object({
  /** Leads that were measured since. */
  judged: z.number().int().nonnegative(),
  /** Share of them within the 90% interval as issued. */
  held90: z.number().nullable(),
  /** Of the median, in the unit of the signal. */
  meanAbsoluteError: z.number().nullable(),
  /** Mean of 2 × pinball loss over the issued levels and leads, over mean |measured|. */
  weightedQuantileLoss: z.number().nullable(),
})
export type ReviewScores = z.infer<typeof ReviewScoresSchema>

export const reproduceInput = z.object({
  forecastId: z.uuid(
    'expected the id of a forecast, which “Where it comes from” on the workload’s page shows',
  ),
})
export type ReproduceInput = z.infer<typeof reproduceInput>

/** What came of making a stored forecast again from what is stored. */
export type Reproduction = {
  forecastId: string
  /** False where it cannot be tried: another model version, or older than the first checkpoint. */
  possible: boolean
  /** Every byte of the snapshot and of the state it was made from is the same. */
  same: boolean
  /** In words, for people. */
  text: string
  /** Fields of the snapshot that differ, with what is stored and what came out. */
  differences: { path: string; stored: string; reproduced: string }[]
  /** Last step that the checkpoint had learned, and how many steps were learned from there. */
  checkpointAt: string | null
  replayedSteps: number
  /** Hash of the state as reached now; null where it could not be. */
  stateHash: string | null
  storedStateHash: string
  modelVersion: string
}
