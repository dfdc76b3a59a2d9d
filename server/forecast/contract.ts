import { z } from 'zod'
import { PlannedEventSchema } from './events/contract.ts'
import { ContributionSchema } from './explanation/contract.ts'

export * from './events/contract.ts'
export * from './explanation/contract.ts'
export { sentences } from './explanation/sentences.ts'
export * from './neural/contract.ts'
export * from './plugin/contract.ts'
export * from './review/contract.ts'

/** Levels at which quantiles are given unless asked otherwise. */
export const DEFAULT_LEVELS = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const

/** Quantiles of one lead: `values[i]` belongs to `levels[i]`; `at` is the time that is forecast. */
export const LeadForecastSchema = z.object({
  lead: z.number().int().positive(),
  at: z.iso.datetime(),
  values: z.array(z.number()),
})
export type LeadForecast = z.infer<typeof LeadForecastSchema>

export const ExpertWeightSchema = z.object({ name: z.string(), weight: z.number() })
export type ExpertWeight = z.infer<typeof ExpertWeightSchema>

/**
 * Regret of the aggregation within one group of leads: its cumulative pinball loss, over the scale of the series and
 * averaged over levels, minus that of the best single expert in hindsight; and what the rule guarantees at most.
 */
export const RegretSchema = z.object({
  fromLead: z.number().int().positive(),
  toLead: z.number().int().positive(),
  rounds: z.number().int().nonnegative(),
  regret: z.number(),
  bound: z.number(),
  bestExpert: z.string(),
  /** Cumulative loss of that best single expert, in the same measure: `regret / bestLoss` is the share above it. */
  bestLoss: z.number().optional(),
})
export type Regret = z.infer<typeof RegretSchema>

/** How often the stated 90% interval held, as issued; `held` is null before the first judged value. */
const HeldSchema = z.object({ held: z.number().nullable(), count: z.number().int().nonnegative() })
export const CalibrationSchema = z.object({
  /** Rule that adapts the intervals, in words for people. */
  method: z.string(),
  promised: z.number(),
  byLead: z.array(HeldSchema.extend({ lead: z.number().int().positive() })),
  /** By hour of the day (UTC) of the measured value. */
  byHour: z.array(HeldSchema.extend({ hour: z.number().int().min(0).max(23) })),
})
export type Calibration = z.infer<typeof CalibrationSchema>

/** A change that the engine found by itself, named in words. */
export const DriftSchema = z.object({
  at: z.iso.datetime(),
  /** *suspect*: input that was set aside and taught nothing. */
  kind: z.enum(['level', 'spread', 'loss', 'coverage', 'suspect']),
  /** New over old level or spread, where that is what changed. */
  factor: z.number().nullable(),
  text: z.string(),
  state: z.enum(['relearning', 'settled', 'ignored']),
})
export type Drift = z.infer<typeof DriftSchema>

/**
 * Joint ranks of past outcomes: row i holds, for one past origin, at which probability (0 … 255, /255) each of `leads`
 * came true. Read through the quantiles of this forecast, each row is one sample path.
 */
export const JointRanksSchema = z.object({
  leads: z.array(z.number().int().positive()),
  samples: z.number().int().nonnegative(),
  /** Base64 of samples × leads bytes, row by row. */
  ranks: z.string(),
})
export type JointRanks = z.infer<typeof JointRanksSchema>

/** What a forecast was made from, beside its model and state. */
export const LineageSchema = z.object({
  /** First and last step that were learned since the forecast before. */
  telemetryFrom: z.iso.datetime(),
  telemetryTo: z.iso.datetime(),
  learned: z.number().int().nonnegative(),
  /** Version of the shared base of the neural expert; null where none took part. */
  baseModel: z.string().nullable(),
  /** Name of a team's own forecaster whose quantiles took part. */
  plugin: z.string().nullable(),
})
export type Lineage = z.infer<typeof LineageSchema>

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
  // Snapshots of earlier versions have none of the following.
  regret: z.array(RegretSchema).default([]),
  calibration: CalibrationSchema.nullable().default(null),
  /** Newest first. */
  drift: z.array(DriftSchema).default([]),
  /** Planned events that touch the training window's end or the horizon. */
  events: z.array(PlannedEventSchema).default([]),
  joint: JointRanksSchema.nullable().default(null),
  lineage: LineageSchema.nullable().default(null),
  /** Where a team's own forecaster took part: what ours said without it. Nothing is taken away on its word alone. */
  own: z.array(LeadForecastSchema).optional(),
})
export type ForecastSnapshot = z.infer<typeof ForecastSnapshotSchema>

/** Low, middle and high value of something uncertain: its 10%, 50% and 90% quantiles. */
const spreadOf = <T extends z.ZodType>(value: T) => z.object({ p10: value, p50: value, p90: value })

/** A span in which demand passes capacity with at least the asked probability. */
export const SurgeSchema = z.object({
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  peakAt: z.iso.datetime(),
  peakMedian: z.number(),
  peakUpper: z.number(),
  probability: z.number(),
  capacity: z.number(),
  /** When demand first passes capacity, if it does; null where no joint ranks were at hand. */
  onset: spreadOf(z.iso.datetime()).nullable().default(null),
  /** From then until it is back below for good; what is still above at the last lead counts up to there. */
  lengthSeconds: spreadOf(z.number()).nullable().default(null),
  /** Share of the passing paths that are still above capacity at the last lead. */
  openShare: z.number().nullable().default(null),
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
    startSeconds: z.number(),
    base: z.string(),
  }),
  columns: z.record(z.string(), z.string()),
})

/** `at`: as of that moment; the newest when it is left out. */
export const forecastAtInput = z.object({ workloadId: z.uuid(), at: z.iso.datetime().optional() })
export type ForecastAtInput = z.infer<typeof forecastAtInput>
