import type { ForecastSnapshot } from '../../server/forecast/contract.ts'

/** One moment of a forecast; each band is [lower, upper] in the unit of the signal. Times in milliseconds. */
export type FanPoint = {
  at: number
  median: number
  band50?: [number, number]
  band80: [number, number]
  band98?: [number, number]
}

/** One measured step; null where nothing was measured. */
export type MeasuredPoint = { at: number; value: number | null }

/** What is drawn and shown on hover for one moment. */
export type FanRow = {
  at: number
  measured?: number | null
  median?: number
  band50?: [number, number]
  band80?: [number, number]
  band98?: [number, number]
}

/**
 * The value at a level between the levels that were given, linear in between; beyond the outermost it is theirs.
 * `levels` ascend and belong to `values` one by one.
 */
export function quantileAt(levels: readonly number[], values: readonly number[], level: number): number {
  let below = -1
  for (let i = 0; i < levels.length; i++) if ((levels[i] ?? 1) <= level) below = i
  const lowValue = values[Math.max(below, 0)] ?? 0
  const highLevel = levels[below + 1]
  const highValue = values[below + 1]
  if (below < 0 || highLevel === undefined || highValue === undefined) return lowValue
  const lowLevel = levels[below] ?? 0
  return lowValue + ((highValue - lowValue) * (level - lowLevel)) / (highLevel - lowLevel)
}

/** The fan of a snapshot: median and the 50, 80 and 98 % bands at each lead. */
export function fanOf(snapshot: Pick<ForecastSnapshot, 'levels' | 'leads'>): FanPoint[] {
  return snapshot.leads.map((lead) => {
    const at = (level: number) => quantileAt(snapshot.levels, lead.values, level)
    return {
      at: Date.parse(lead.at),
      median: at(0.5),
      band50: [at(0.25), at(0.75)],
      band80: [at(0.1), at(0.9)],
      band98: [at(0.01), at(0.99)],
    }
  })
}

/** Signal points as the interface gives them, with times in milliseconds. */
export function measuredOf(points: readonly { at: string; value: number | null }[]): MeasuredPoint[] {
  return points.map((point) => ({ at: Date.parse(point.at), value: point.value }))
}

/** All lines laid on one time axis, in order of time; a moment that two lines share becomes one row. */
export function fanRows(measured: readonly MeasuredPoint[], forecast: readonly FanPoint[]): FanRow[] {
  const rows = new Map<number, FanRow>()
  const rowAt = (at: number): FanRow => {
    const row = rows.get(at) ?? { at }
    rows.set(at, row)
    return row
  }
  for (const point of measured) rowAt(point.at).measured = point.value
  for (const { at, median, band50, band80, band98 } of forecast) {
    Object.assign(rowAt(at), { median, band50, band80, band98 })
  }
  return [...rows.values()].sort((a, b) => a.at - b.at)
}

/** The highest value that has to fit on the axis; the outermost band may be cut at three times the rest. */
export function highestOf(rows: readonly FanRow[], levels: readonly number[]): number {
  let inner = 0
  let outer = 0
  for (const row of rows) {
    inner = Math.max(inner, row.measured ?? 0, row.median ?? 0, row.band80?.[1] ?? 0)
    outer = Math.max(outer, row.band98?.[1] ?? 0)
  }
  for (const level of levels) inner = Math.max(inner, level)
  return Math.max(inner, Math.min(outer, inner * 3))
}
