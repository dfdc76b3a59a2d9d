import type { Surge } from '../forecast/contract.ts'
import { servedQuantile } from './base-stock.ts'
import type { PlanInput } from './contract.ts'
import { planningSpanSeconds } from './timing.ts'

/** That demand passes what `what` serves: how surely, when, for how long and how far. */
export function surgeSentence(surge: Surge, unit: string, what: string): string {
  return (
    `Demand is forecast to pass the ${amount(surge.capacity)} ${unit} of ${what} ` +
    `(${percent(surge.probability)} sure; ${whenAndHowLong(surge)}) ` +
    `and to peak near ${amount(surge.peakMedian)} ${unit} at ${clock(surge.peakAt)}.`
  )
}

/** What the served quantile needs, and why it is the one served. */
export function quantileSentence(input: PlanInput, demandAtQuantile: number): string {
  return (
    `${percent(servedQuantile(input))} of outcomes over the next ${span(planningSpanSeconds(input))} ` +
    `need at most ${amount(demandAtQuantile)} ${input.workload.unit}; ` +
    `a replica-hour short counts ${amount(input.policy.penaltyRatio)} times an idle one.`
  )
}

/** "onset 14:05–14:15 UTC, lasts 10 min – 25 min": eight in ten of the paths that pass; from the single leads, the start alone. */
function whenAndHowLong({ startsAt, onset, lengthSeconds, openShare }: Surge): string {
  if (onset === null || lengthSeconds === null) return `from ${clock(startsAt)}`
  const hours = (iso: string) => iso.slice(11, 16)
  const from = hours(onset.p10)
  const to = hours(onset.p90)
  const start = from === to ? clock(onset.p50) : `${from}–${to} UTC`
  // What is still above at the last lead was cut off there, so its length is only a least one.
  if ((openShare ?? 0) > 0.5) return `onset ${start}, lasts at least ${span(lengthSeconds.p10)}`
  const shortest = span(lengthSeconds.p10)
  const longest = span(lengthSeconds.p90)
  return `onset ${start}, lasts ${shortest === longest ? shortest : `${shortest} – ${longest}`}`
}

export function percent(share: number): string {
  if (share > 0.99) return 'over 99%'
  return `${Math.round(share * 100)}%`
}

export function amount(value: number): string {
  return Number(value.toPrecision(3)).toString()
}

export function clock(iso: string): string {
  return `${iso.slice(11, 16)} UTC`
}

export function span(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  const rest = Math.round(seconds) % 60
  if (seconds < 300 && rest > 0) return `${Math.floor(seconds / 60)} min ${rest} s`
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`
  return `${Number((seconds / 3_600).toFixed(1))} h`
}
