import { z } from 'zod'

/** Loss of one group of held-out rows, in units of the uncertainty of each; `change` is candidate over current, minus one. */
const ForgettingGroupSchema = z.object({
  name: z.string(),
  /** Rows of one workload's own past, or of seeded synthetic demand of one kind. */
  kind: z.enum(['workload', 'anchor']),
  rows: z.number().int().nonnegative(),
  current: z.number(),
  candidate: z.number(),
  change: z.number(),
  /** False where there are too few rows to tell. */
  judged: z.boolean(),
})
export type ForgettingGroup = z.infer<typeof ForgettingGroupSchema>

/** What a new base of the neural expert forgot, or did not. */
export const ForgettingTestSchema = z.object({
  /** Share by which a group may be worse. */
  allowedWorse: z.number(),
  groups: z.array(ForgettingGroupSchema),
  worst: z.object({ name: z.string(), change: z.number() }).nullable(),
  passed: z.boolean(),
})
export type ForgettingTest = z.infer<typeof ForgettingTestSchema>
