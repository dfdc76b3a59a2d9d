import { quantileAt } from '../../forecast/index.ts'
import { servedQuantile } from '../base-stock.ts'
import { listedPriceUsd, type PlanInput, type WaitingWork } from '../contract.ts'
import { carbonAt, priceAt } from '../models/price.ts'
import { effectiveLeadSeconds, leadsAhead } from '../timing.ts'
import { withinRules } from '../within-rules.ts'
import type { Slot } from './schedule.ts'

/** Work, in replica-seconds: since when it waits, and from when it can be done. */
export type Arrival = { sinceMs: number; readyMs: number; work: number }

export type Hour = { fromMs: number; toMs: number }

export type ShiftProblem = {
  hours: Hour[]
  arrivals: Arrival[]
  /** Slots before more can be ready: they have the level that is set now. */
  held: number
  low: number
  /** By hour. */
  high: number[]
}

const hourMs = 3_600_000

/**
 * The clock hours that the forecast sees, what comes in and what waits, and the levels that are allowed: within one step up
 * of the lowest, so that a level can always be reached in time. Null where the forecast ends before more could be ready.
 */
export function shiftProblem(input: PlanInput, waiting: readonly WaitingWork[]): ShiftProblem | null {
  const { capacity, forecast, workload } = input
  const now = Date.parse(input.now)
  const leads = leadsAhead(input)
  const last = leads.at(-1)
  if (last === undefined) return null
  const stepMs = workload.stepSeconds * 1_000
  const hours = hoursBetween(now, Date.parse(last.at) + stepMs)
  const ready = now + effectiveLeadSeconds(input) * 1_000
  const held = Math.max(1, hours.filter(({ fromMs }) => fromMs < ready).length)
  if (held >= hours.length) return null
  const unit = capacity.capacityPerReplica
  const quantile = servedQuantile(input)
  const arrivals = [
    ...waiting.map(({ since, units }) => ({
      sinceMs: Math.min(now, Date.parse(since)),
      readyMs: now,
      work: units / unit,
    })),
    // What comes in over a step can be done once it is over, and is due as if all came with its start.
    ...leads.map(({ at, values }) => ({
      sinceMs: Date.parse(at),
      readyMs: Date.parse(at) + stepMs,
      work: (Math.max(0, quantileAt(forecast.levels, values, quantile)) * workload.stepSeconds) / unit,
    })),
  ]
  return { hours, arrivals, held, ...levelsOf(input, hours, held) }
}

/** The same as slots, where work may wait so long; what would wait past the last hour is done within it. */
export function slotsOf(problem: ShiftProblem, { capacity }: PlanInput, waitSeconds: number): Slot[] {
  const { hours, arrivals, low, high } = problem
  const { offering, domain } = capacity
  const upTo = (counts: (arrival: Arrival) => boolean) =>
    Math.ceil(arrivals.filter(counts).reduce((sum, { work }) => sum + work, 0) - 1e-6)
  return hours.map(({ fromMs, toMs }, i) => {
    const seconds = Math.floor((toMs - fromMs) / 1_000)
    const next = hours[i + 1]
    const arrived = upTo(({ readyMs }) => readyMs <= toMs)
    const due = next && upTo(({ sinceMs }) => sinceMs + waitSeconds * 1_000 < next.toMs)
    return {
      seconds,
      price: Math.round((priceAt(offering, fromMs) * seconds * 1e6) / 3_600),
      carbon: Math.round((offering.powerKw * carbonAt(domain, fromMs) * seconds * 1e3) / 3_600),
      arrived,
      due: Math.min(arrived, due ?? arrived),
      low,
      high: high[i] ?? low,
    }
  })
}

function hoursBetween(fromMs: number, toMs: number): Hour[] {
  const hours: Hour[] = []
  for (let at = fromMs; at < toMs; ) {
    const next = Math.min(toMs, (Math.floor(at / hourMs) + 1) * hourMs)
    // What is left of an hour's last second is no slot.
    if (next - at >= 1_000) hours.push({ fromMs: at, toMs: next })
    at = next
  }
  return hours
}

/** The published rules are asked as of each hour: its price, its power mix, its freezes. */
function levelsOf(input: PlanInput, hours: readonly Hour[], held: number): { low: number; high: number[] } {
  const { capacity, policy } = input
  const { offering, desiredReplicas: current } = capacity
  const low = Math.max(policy.minReplicas, current - Math.min(policy.maxStepDown, policy.maxStepUp))
  const affordable = Math.floor(policy.costLimitPerHourUsd / listedPriceUsd(capacity) + 1e-9)
  const most = Math.min(policy.maxReplicas, offering.quotaReplicas, affordable, low + policy.maxStepUp)
  const high = hours.map(({ fromMs }, i) => {
    if (i < held || most <= current) return current
    return withinRules({ ...input, now: new Date(fromMs).toISOString() }, most).level
  })
  return { low: Math.min(low, current), high }
}
