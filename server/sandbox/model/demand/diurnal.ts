import type { DiurnalDemand } from '../../contract.ts'
import { smoothNoiseAt } from '../random.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

const logistic = (x: number) => 1 / (1 + Math.exp(-x))

/** The rate without noise at a local time: what somebody who knows the service expects. */
export function diurnalMean(spec: DiurnalDemand, localMs: number): number {
  const hour = (localMs % dayMs) / hourMs
  const weekday = spec.weekdays[new Date(localMs).getUTCDay()] ?? 1
  const rise = logistic(((hour - spec.morningHour) * 60) / spec.morningWidthMinutes)
  const fall = logistic(((hour - spec.eveningHour) * 60) / spec.eveningWidthMinutes)
  const afternoon = 1 + 0.1 * Math.exp(-(((hour - 15) / 2.2) ** 2))
  return spec.nightRate + (spec.dayRate - spec.nightRate) * weekday * (rise - fall) * afternoon
}

/** Rate at a local time, noise included. Pure in time and seed. */
export function diurnalRate(spec: DiurnalDemand, seed: number, localMs: number): number {
  return Math.max(0, diurnalMean(spec, localMs) * (1 + spec.noiseShare * smoothNoiseAt(seed, localMs)))
}

/**
 * Offset to add to the clock so that, `crossingAfterMs` from `startMs` on, a Tuesday morning's rise passes `level`.
 * The service then looks as if its users lived in another time zone.
 * @throws when the morning never reaches the level.
 */
export function phaseForRise(
  spec: DiurnalDemand,
  startMs: number,
  level: number,
  crossingAfterMs: number,
): number {
  const tuesdayMs = 5 * dayMs
  const stepMs = 5_000
  const until = tuesdayMs + spec.eveningHour * hourMs
  for (let local = tuesdayMs + stepMs; local < until; local += stepMs) {
    if (diurnalMean(spec, local - stepMs) < level && diurnalMean(spec, local) >= level) {
      const week = 7 * dayMs
      return (((local - startMs - crossingAfterMs) % week) + week) % week
    }
  }
  throw new Error(`The morning's rise never passes ${level}; it ends near ${spec.dayRate}.`)
}
