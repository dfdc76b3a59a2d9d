import type { Calibration } from '../../server/forecast/contract.ts'
import type { CoverageBucket } from '../charts/coverage-chart.tsx'
import { formatDuration, hourIn } from '../ui/time.ts'

/** Coverage at each lead; forecasts of lead h that are issued each step overlap h times. */
export function leadBuckets({ byLead }: Pick<Calibration, 'byLead'>, stepSeconds: number): CoverageBucket[] {
  return byLead.map(({ lead, held, count }) => ({
    label: formatDuration(lead * stepSeconds),
    held,
    count,
    independent: count / lead,
  }))
}

/**
 * Coverage in each hour of the reader's day, from its first. Hours are kept in UTC: in a zone of half hours each begins
 * at half past. Every value is judged once for each lead, and the forecasts of the middle lead overlap that often.
 */
export function hourBuckets(
  { byHour, byLead }: Pick<Calibration, 'byHour' | 'byLead'>,
  offsetMinutes: number,
): CoverageBucket[] {
  const middle = byLead[Math.floor(byLead.length / 2)]?.lead ?? 1
  const alike = Math.max(1, byLead.length) * middle
  return byHour
    .map(({ hour, held, count }) => ({
      ...hourIn(hour, offsetMinutes),
      held,
      count,
      independent: count / alike,
    }))
    .sort((a, b) => a.minuteOfDay - b.minuteOfDay)
    .map(({ label, held, count, independent }) => ({ label, held, count, independent }))
}
