import { z } from 'zod'
import { normalAt, smoothNoiseAt } from '../random.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

/** Jobs that arrive in a window of the night (UTC) and hardly otherwise. */
export const nightlyDemand = z.object({
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

/** Rate without noise: a window with soft edges, a different amount each night. */
export function nightlyMean(spec: NightlyDemand, seed: number, atMs: number): number {
  const night = Math.floor((atMs - dayMs / 2) / dayMs)
  const hour = (atMs - night * dayMs) / hourMs
  const edge = spec.edgeMinutes / 60
  const opened = 1 / (1 + Math.exp(-(hour - spec.startHourUtc) / (edge / 4)))
  const closed = 1 / (1 + Math.exp(-(hour - spec.startHourUtc - spec.hours) / (edge / 4)))
  const amount = Math.exp(spec.nightSpread * normalAt(seed, night, 11))
  return spec.idleRate + spec.windowRate * amount * (opened - closed)
}

/** Rate at a time. Pure in time and seed. */
export function nightlyRate(spec: NightlyDemand, seed: number, atMs: number): number {
  return Math.max(0, nightlyMean(spec, seed, atMs) * (1 + spec.noiseShare * smoothNoiseAt(seed, atMs)))
}
