import type { DiurnalDemand } from '../../contract.ts'
import { smoothNoiseAt } from '../random.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

const logistic = (x: number) => 1 / (1 + Math.exp(-x))

/** A moment of the service's own calendar, whose days may be shorter than real ones. */
function calendarMs({ daySeconds }: DiurnalDemand, localMs: number): number {
  return daySeconds === 86_400 ? localMs : (localMs * 86_400) / daySeconds
}

/** The rate without noise at a local time: what somebody who knows the service expects. */
export function diurnalMean(spec: DiurnalDemand, realMs: number): number {
  const localMs = calendarMs(spec, realMs)
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

/** When a service's day crosses a level: its morning's rise or its evening's fall, `afterMs` from the start on. */
export type Opening = { edge: 'rise' | 'fall'; level: number; afterMs: number }

/**
 * Offset to add to the clock so that, `afterMs` from `startMs` on, a Tuesday's rise or fall passes the level. The service
 * then looks as if its users lived in another time zone.
 * @throws when the day never crosses the level.
 */
export function phaseForEdge(
  spec: DiurnalDemand,
  startMs: number,
  { edge, level, afterMs }: Opening,
): number {
  const pace = spec.daySeconds / 86_400
  const tuesdayMs = 5 * dayMs * pace
  const stepMs = 5_000 * pace
  const noonMs = tuesdayMs + ((spec.morningHour + spec.eveningHour) / 2) * hourMs * pace
  const from = edge === 'rise' ? tuesdayMs : noonMs
  const until = edge === 'rise' ? tuesdayMs + spec.eveningHour * hourMs * pace : noonMs + dayMs * pace
  for (let local = from + stepMs; local < until; local += stepMs) {
    const [before, now] = [diurnalMean(spec, local - stepMs), diurnalMean(spec, local)]
    const crosses = edge === 'rise' ? before < level && now >= level : before >= level && now < level
    if (crosses) {
      const week = 7 * dayMs * pace
      return (((local - startMs - afterMs) % week) + week) % week
    }
  }
  throw new Error(`The day's ${edge} never passes ${level}; it peaks near ${spec.dayRate}.`)
}
