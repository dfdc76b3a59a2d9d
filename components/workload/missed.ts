import type { ForecastSnapshot } from '../../server/forecast/contract.ts'
import { quantileAt } from '../charts/fan.ts'

/** Measured values that the 90% interval did not hold, where the chart rings them. */
export function missedOf({
  snapshot,
  measured,
}: {
  snapshot: Pick<ForecastSnapshot, 'levels' | 'leads'>
  /** What came at each lead, in their order; null where nothing was measured. */
  measured: readonly { at: string; value: number | null }[]
}): { at: number; value: number }[] {
  return measured.flatMap(({ at, value }, i) => {
    const values = snapshot.leads[i]?.values
    if (value === null || values === undefined) return []
    const low = quantileAt(snapshot.levels, values, 0.05)
    const high = quantileAt(snapshot.levels, values, 0.95)
    return value < low || value > high ? [{ at: Date.parse(at), value }] : []
  })
}
