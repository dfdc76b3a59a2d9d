import { z } from 'zod'

/** Levels at which quantiles are given unless asked otherwise. */
export const DEFAULT_LEVELS = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const

export const ContributionGroupSchema = z.enum(['level', 'trend', 'season', 'momentum', 'events'])
export type ContributionGroup = z.infer<typeof ContributionGroupSchema>

/** One reason why the median differs from the baseline, in the unit of the signal. */
export const ContributionSchema = z.object({
  group: ContributionGroupSchema,
  label: z.string(),
  value: z.number(),
})
export type Contribution = z.infer<typeof ContributionSchema>

/** Quantiles of one lead: `values[i]` belongs to `levels[i]`; `at` is the time that is forecast. */
export const LeadForecastSchema = z.object({
  lead: z.number().int().positive(),
  at: z.iso.datetime(),
  values: z.array(z.number()),
})
export type LeadForecast = z.infer<typeof LeadForecastSchema>

export const ExpertWeightSchema = z.object({ name: z.string(), weight: z.number() })
export type ExpertWeight = z.infer<typeof ExpertWeightSchema>

/** A forecast as it was issued, with all that is needed to show it, explain it and trace its origin. */
export const ForecastSnapshotSchema = z.object({
  workloadId: z.string(),
  signal: z.string(),
  unit: z.string(),
  /** Time of the last value used. */
  origin: z.iso.datetime(),
  stepSeconds: z.number().positive(),
  levels: z.array(z.number()),
  leads: z.array(LeadForecastSchema),
  modelVersion: z.string(),
  stateHash: z.string(),
  trainedFrom: z.iso.datetime(),
  trainedTo: z.iso.datetime(),
  observations: z.number().int().nonnegative(),
  /** The ordinary level, from which contributions are measured. */
  baseline: z.number(),
  /** Sum to the median at `contributionLead` minus `baseline`. */
  contributions: z.array(ContributionSchema),
  contributionLead: z.number().int().positive(),
  experts: z.array(ExpertWeightSchema),
  /** Share of stated 90% intervals that held so far, and how many were judged. */
  coverage90: z.number().nullable(),
  coverageCount: z.number().int().nonnegative(),
})
export type ForecastSnapshot = z.infer<typeof ForecastSnapshotSchema>

/** A span in which demand passes capacity with at least the asked probability. */
export const SurgeSchema = z.object({
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  peakAt: z.iso.datetime(),
  peakMedian: z.number(),
  peakUpper: z.number(),
  probability: z.number(),
  capacity: z.number(),
})
export type Surge = z.infer<typeof SurgeSchema>

/** Saved engine state, as stored. */
export const ForecasterStateSchema = z.object({
  modelVersion: z.string(),
  options: z.object({
    stepSeconds: z.number().positive(),
    horizon: z.number().int().positive(),
    levels: z.array(z.number()),
    seed: z.number(),
    experts: z.array(z.string()),
  }),
  columns: z.record(z.string(), z.string()),
})

/** `at`: as of that moment; the newest when it is left out. */
export const forecastAtInput = z.object({ workloadId: z.uuid(), at: z.iso.datetime().optional() })
export type ForecastAtInput = z.infer<typeof forecastAtInput>
