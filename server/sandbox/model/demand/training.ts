import type { TrainingDemand } from '../../contract.ts'
import { normalAt, uniformAt } from '../random.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

const maxJobHours = 24

function jobGpus(spec: TrainingDemand, seed: number, atMs: number): number {
  const slotMs = spec.slotHours * hourMs
  const last = Math.floor(atMs / slotMs)
  const first = Math.floor((atMs - maxJobHours * hourMs) / slotMs)
  let gpus = 0
  for (let slot = first; slot <= last; slot++) {
    if (uniformAt(seed, slot, 21) >= spec.jobProbability) continue
    const startMs = slot * slotMs + uniformAt(seed, slot, 22) * slotMs
    const hours = spec.jobHours * Math.exp(spec.jobHoursSpread * normalAt(seed, slot, 23))
    const sinceMs = atMs - startMs
    if (sinceMs < 0 || sinceMs >= Math.min(hours, maxJobHours) * hourMs) continue
    gpus += spec.jobGpus[Math.floor(uniformAt(seed, slot, 24) * spec.jobGpus.length)] ?? 0
  }
  return gpus
}

/** GPUs asked for at a time, whole. Pure in time and seed. */
export function trainingGpus(spec: TrainingDemand, seed: number, atMs: number): number {
  const hour = (atMs % dayMs) / hourMs
  const inDaily = (hour - spec.daily.hourUtc + 24) % 24 < spec.daily.hours
  const byDay = hour >= 7 && hour < 19 ? 1 : 0.5
  const wobble = 1 + 0.25 * normalAt(seed, Math.floor(atMs / (0.5 * hourMs)), 25)
  const development = Math.max(0, Math.round(spec.developmentGpus * byDay * wobble))
  return development + (inDaily ? spec.daily.gpus : 0) + jobGpus(spec, seed, atMs)
}
