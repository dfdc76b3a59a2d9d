import type { NightlyDemand } from '../../contract.ts'
import { normalAt, smoothNoiseAt } from '../random.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

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
