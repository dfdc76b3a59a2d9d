import { z } from 'zod'

/** A service that people use by day. Rates in units of the demand signal; hours are local to its users. */
const diurnalDemand = z.object({
  kind: z.literal('diurnal'),
  nightRate: z.number().nonnegative(),
  dayRate: z.number().positive(),
  morningHour: z.number(),
  morningWidthMinutes: z.number().positive(),
  eveningHour: z.number(),
  eveningWidthMinutes: z.number().positive(),
  /** Share of the day's rise on each day, Sunday first. */
  weekdays: z.array(z.number().positive()).length(7),
  noiseShare: z.number().min(0).max(0.5),
  /** Length of one of its days; hours above are of a day of 24, however long it takes. */
  daySeconds: z.number().positive().default(86_400),
})
export type DiurnalDemand = z.infer<typeof diurnalDemand>

/** A service that is used in bursts, of which each may set off others. Rates in units of the demand signal. */
const burstDemand = z.object({
  kind: z.literal('bursts'),
  baseRate: z.number().positive(),
  /** Share by which the base swings over the day (UTC). */
  daySwing: z.number().min(0).max(1),
  /** One burst starts in every slot, this far into it, give or take the jitter. */
  slotSeconds: z.number().positive(),
  offsetSeconds: z.number().nonnegative(),
  jitterSeconds: z.number().nonnegative(),
  burstRate: z.number().positive(),
  burstSpread: z.number().nonnegative(),
  riseSeconds: z.number().positive(),
  /** Mean number of bursts that one sets off; below 1. */
  branching: z.number().min(0).max(0.9),
  delaySeconds: z.number().positive(),
  noiseShare: z.number().min(0).max(0.5),
})
export type BurstDemand = z.infer<typeof burstDemand>

/** Jobs that arrive in a window of the night (UTC) and hardly otherwise. */
const nightlyDemand = z.object({
  kind: z.literal('nightly'),
  idleRate: z.number().nonnegative(),
  windowRate: z.number().positive(),
  startHourUtc: z.number().min(12).max(24),
  hours: z.number().positive().max(12),
  edgeMinutes: z.number().positive(),
  /** How much the amount differs from night to night, as a standard deviation of its logarithm. */
  nightSpread: z.number().nonnegative(),
  noiseShare: z.number().min(0).max(0.5),
})
export type NightlyDemand = z.infer<typeof nightlyDemand>

/** GPUs that training jobs ask for: a few for development, a daily run, and jobs that come as they come. */
const trainingDemand = z.object({
  kind: z.literal('training'),
  developmentGpus: z.number().int().nonnegative(),
  daily: z.object({ hourUtc: z.number(), hours: z.number().positive(), gpus: z.number().int().positive() }),
  slotHours: z.number().positive(),
  /** Probability that a job is submitted in a slot. */
  jobProbability: z.number().min(0).max(1),
  jobGpus: z.array(z.number().int().positive()).min(1),
  jobHours: z.number().positive(),
  jobHoursSpread: z.number().nonnegative(),
})
export type TrainingDemand = z.infer<typeof trainingDemand>

/** `idle`: no demand of its own; the workload waits for a trace to be played. */
export const demandSpec = z.discriminatedUnion('kind', [
  diurnalDemand,
  burstDemand,
  nightlyDemand,
  trainingDemand,
  z.object({ kind: z.literal('idle') }),
])
export type DemandSpec = z.infer<typeof demandSpec>

/**
 * Somebody's script that submits one and the same failing job again and again, beside the demand that is meant. A target
 * whose control is *run* holds it: 1 it runs, 0 it does not.
 */
export const submitterSpec = z.object({
  target: z.string().min(1),
  /** From the first start of the scene on. */
  beginsAfterSeconds: z.number().nonnegative(),
  /** Submissions per second once it runs. */
  ratePerSecond: z.number().positive(),
  /** Share of a job's work that is done before it fails. */
  workShare: z.number().min(0).max(1),
})
export type SubmitterSpec = z.infer<typeof submitterSpec>
