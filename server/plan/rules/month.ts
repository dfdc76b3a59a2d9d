import type { RuleWorkload } from '../contract.ts'

const hourMs = 3_600_000

/** First instant of the calendar month (UTC) that holds `now`, and of the one after it. */
export function monthOf(now: string): { from: Date; to: Date } {
  const at = new Date(now)
  const first = (months: number) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1))
  return { from: first(0), to: first(1) }
}

export function hoursLeftOfMonth(now: string): number {
  return (monthOf(now).to.getTime() - Date.parse(now)) / hourMs
}

/** What the month comes to if the rest of it costs as much per hour as is usual. */
export function monthEndUsd(workloads: readonly RuleWorkload[], now: string): number {
  const left = hoursLeftOfMonth(now)
  return workloads.reduce(
    (sum, { spentThisMonthUsd, usualCostPerHourUsd }) => sum + spentThisMonthUsd + usualCostPerHourUsd * left,
    0,
  )
}
