import { z } from 'zod'

export const ContributionGroupSchema = z.enum(['level', 'trend', 'season', 'momentum', 'events'])
export type ContributionGroup = z.infer<typeof ContributionGroupSchema>

/** One reason why the median differs from the baseline, in the unit of the signal. */
export const ContributionSchema = z.object({
  group: ContributionGroupSchema,
  label: z.string(),
  value: z.number(),
})
export type Contribution = z.infer<typeof ContributionSchema>
