import type { RuleWorkload, RuleWorld } from '../contract.ts'

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

/** Hours of a calendar month in which a plan stays, and those that are left of it otherwise. */
export type MonthSpan = { name: string; isNext: boolean; staysHours: number; usualHours: number }

/** The months that a plan made now is planned to stay in: this one, and the next where it stays past the end. */
export function monthsOf({ now, spanSeconds }: Pick<RuleWorld, 'now' | 'spanSeconds'>): MonthSpan[] {
  const left = hoursLeftOfMonth(now)
  const span = spanSeconds / 3_600
  const stays = Math.min(span, left)
  const months = [{ name: 'month', isNext: false, staysHours: stays, usualHours: left - stays }]
  if (span <= left) return months
  const whole = hoursLeftOfMonth(monthOf(now).to.toISOString())
  const next = Math.min(span - left, whole)
  return [...months, { name: 'next month', isNext: true, staysHours: next, usualHours: whole - next }]
}

/** What the month comes to if the rest of it costs as much per hour as is usual. */
export function monthEndUsd(workloads: readonly RuleWorkload[], now: string): number {
  const left = hoursLeftOfMonth(now)
  return workloads.reduce(
    (sum, { spentThisMonthUsd, usualCostPerHourUsd }) => sum + spentThisMonthUsd + usualCostPerHourUsd * left,
    0,
  )
}
