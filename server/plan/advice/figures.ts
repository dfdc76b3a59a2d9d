import type { Advice, Ground } from '../contract.ts'
import { quantile } from '../models/calibration/goodness.ts'
import { meanPriceUsd } from '../models/price.ts'
import { demandWithin } from '../models/queue.ts'
import type { AdviceSource, PoolSource } from './source.ts'

export const monthHours = 730
const dayMs = 86_400_000

/** Steps in which demand was measured. */
export type DemandStep = { atMs: number; demand: number; ready: number | null }

export function demandSteps({ steps }: AdviceSource): DemandStep[] {
  return steps.flatMap(({ atMs, demand, readyReplicas }) =>
    demand === null ? [] : [{ atMs, demand, ready: readyReplicas }],
  )
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** USD for a replica-hour of the pool, averaged over a day. */
export function usualPrice({ pool }: PoolSource, offering = pool.offering): number {
  return meanPriceUsd(offering, 0, 86_400)
}

/** Units per second that a replica takes within the objective: by the model where it was fitted or declared, else as declared. */
export function takenPerReplica({ pool, workload }: PoolSource): Ground {
  const { model, capacityPerReplica } = pool
  const ready = Math.max(1, pool.readyReplicas)
  const within = model ? demandWithin(model, ready, workload.objectiveP99Ms) / ready : 0
  const modelled = within > 0 && model?.fit.source === 'telemetry'
  return {
    label: 'One replica takes, within the objective',
    value: modelled ? within : capacityPerReplica,
    unit: workload.unit,
    source: modelled ? 'measured' : 'declared',
  }
}

/** Replicas that a demand needs at so much each, never fewer than the policy's minimum. */
export function replicasFor(demand: number, perReplica: number, minReplicas: number): number {
  return Math.max(minReplicas, Math.ceil(demand / perReplica - 1e-9))
}

/**
 * USD per month from USD per hour of each step: the 10 % and the 90 % quantile over whole days, so that the range is what days
 * differ by; of less than three days, the mean less and plus half of itself.
 */
export function monthly(perHour: readonly { atMs: number; usd: number }[]): { low: number; high: number } {
  const days = [...Map.groupBy(perHour, ({ atMs }) => Math.floor(atMs / dayMs)).values()]
  const most = Math.max(0, ...days.map((day) => day.length))
  const whole = days.filter((day) => day.length >= 0.9 * most).map((day) => mean(day.map(({ usd }) => usd)))
  if (whole.length < 3) {
    const middle = mean(perHour.map(({ usd }) => usd)) * monthHours
    return { low: middle - Math.abs(middle) / 2, high: middle + Math.abs(middle) / 2 }
  }
  return { low: quantile(whole, 0.1) * monthHours, high: quantile(whole, 0.9) * monthHours }
}

/** Days of telemetry, by its steps. */
export function daysMeasured(source: AdviceSource): number {
  return (demandSteps(source).length * source.workload.stepSeconds) / 86_400
}

/** How much to believe: by the days measured, the fit of the model, and what else stands against it, as a clause. */
export function confidenceIn(
  source: PoolSource,
  doubt: string | null,
): Pick<Advice, 'confidence' | 'confidenceWhy'> {
  const days = daysMeasured(source)
  const inWords = `${days.toFixed(days < 10 ? 1 : 0)} days of telemetry`
  const fit = source.pool.model?.fit
  if (days < 2) return { confidence: 'low', confidenceWhy: `Only ${inWords}.` }
  if (doubt !== null) return { confidence: 'low', confidenceWhy: `${inWords}, but ${doubt}.` }
  if (days < 7 || fit?.source !== 'telemetry') {
    const why =
      fit?.source === 'telemetry' ? 'a week would tell more' : 'the latency model is not fitted to it'
    return { confidence: 'medium', confidenceWhy: `${inWords}; ${why}.` }
  }
  return { confidence: 'high', confidenceWhy: `${inWords}, and the latency model fits well.` }
}

/** "$1,230", without cents from ten dollars on. */
export function usd(amount: number): string {
  const size = Math.abs(amount)
  const [whole = '', cents] = size.toFixed(size < 10 ? 2 : 0).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${amount < 0 ? '−' : ''}$${grouped}${cents ? `.${cents}` : ''}`
}

export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`
}

export function amount(value: number): string {
  return Number(value.toPrecision(3)).toString()
}
