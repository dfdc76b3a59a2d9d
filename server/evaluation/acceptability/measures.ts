import {
  type AcceptabilityMeasures,
  type EndedProposal,
  type JudgedAlarm,
  type PulseAnswers,
  pulseQuestions,
  type Rate,
} from '../contract/acceptability.ts'

const weekMs = 7 * 86_400_000
/** The first Monday after the epoch. */
const firstMonday = 4 * 86_400_000
/** What is within a cent of the other course is not regretted. */
const regretUsd = 0.01

export type AcceptabilityInput = {
  ended: readonly EndedProposal[]
  alarms: readonly JudgedAlarm[]
  pulses: readonly PulseAnswers[]
  /** Length of time that they are of. */
  weeks: number
}

/** The measures over some of what ended. Deterministic; no clock. */
export function measuresOf({ ended, alarms, pulses, weeks }: AcceptabilityInput): AcceptabilityMeasures {
  const people = ended.filter(({ kind }) => kind !== 'expire')
  const seconds = people.map(({ proposedAt, decidedAt }) => Math.max(0, decidedAt - proposedAt) / 1_000)
  const share = (kind: EndedProposal['kind']) =>
    rateOf(ended.filter((one) => one.kind === kind).length, ended.length)
  const worth = ended.flatMap(({ worthUsd }) => (worthUsd === null ? [] : [worthUsd]))
  const falseAlarms = alarms.filter(({ came }) => !came).length
  return {
    ended: ended.length,
    timeToDecideSeconds:
      seconds.length === 0 ? null : { p50: quantile(seconds, 0.5), p90: quantile(seconds, 0.9) },
    approved: share('approve'),
    overridden: share('override'),
    rejected: share('reject'),
    expired: share('expire'),
    regretted: rateOf(worth.filter((usd) => usd < -regretUsd).length, worth.length),
    falseAlarms: rateOf(falseAlarms, alarms.length),
    falseAlarmsPerWeek: falseAlarms / weeks,
    pulse: pulses.length === 0 ? null : { answers: pulses.length, ...meanPulse(pulses) },
  }
}

/** Monday 00:00 UTC of the week of a moment; milliseconds. */
export function weekOf(at: number): number {
  return firstMonday + Math.floor((at - firstMonday) / weekMs) * weekMs
}

/** Mondays of so many weeks, oldest first, the last of which holds `now`. */
export function weeksUntil(now: number, weeks: number): number[] {
  const last = weekOf(now)
  return Array.from({ length: weeks }, (_, i) => last - (weeks - 1 - i) * weekMs)
}

function rateOf(count: number, of: number): Rate {
  return { count, of, rate: of === 0 ? null : count / of }
}

/** Nearest rank: a time that somebody really took. */
function quantile(values: readonly number[], level: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(level * sorted.length) - 1)] ?? 0
}

function meanPulse(pulses: readonly PulseAnswers[]): PulseAnswers {
  const mean = (question: keyof PulseAnswers) =>
    pulses.reduce((sum, answers) => sum + answers[question], 0) / pulses.length
  const [clear, trust, ease] = pulseQuestions.map(mean)
  return { clear: clear ?? 0, trust: trust ?? 0, ease: ease ?? 0 }
}
