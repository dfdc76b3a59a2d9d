import { InvalidInputError } from '../kernel/errors.ts'
import { type CsvRow, problem, readRows, shown } from './csv-rows.ts'

/** How a file writes its times; output follows it. */
export type TimeStyle = 'iso' | 'epoch'

/** One series on its grid: value i belongs to `startSeconds + i · stepSeconds`; NaN where missing. */
export type GridSeries = {
  id: string
  timeStyle: TimeStyle
  startSeconds: number
  values: number[]
  /** Values that no demand can have (below zero, beyond `LARGEST_VALUE`), and the line of the first. */
  faults: { count: number; line: number }
}

/** Beyond this a number is a fault of its source, whatever the unit. */
const LARGEST_VALUE = 1e18
const TIME = /^(\d{4})-(\d{2})-(\d{2})([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|\+00:?00)?$/
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const MISSING = new Set(['', 'nan', 'null'])
/** Beyond this, the year 5138, epoch "seconds" are milliseconds. */
const LATEST_SECONDS = 1e11
/** Share of a step by which a time may miss its grid point. */
const GRID_TOLERANCE = 0.01
/** A longer hole is a wrong time or a wrong step, not an outage. */
const LARGEST_GAP_STEPS = 100_000

/**
 * Reads `series_id,timestamp,value` (further columns are ignored) and puts each series on its grid. Series may
 * be interleaved; within one, times must increase and lie on the grid that its first row starts. An empty value and
 * an absent row are gaps; a value that demand cannot have is a fault and counts as a gap.
 * @throws InvalidInputError naming line and column of the first row that is wrong.
 */
export async function readSeriesCsv(path: string, stepSeconds: number): Promise<GridSeries[]> {
  const found = new Map<string, { series: GridSeries; rows: number; line: number }>()
  for await (const row of readRows(path)) {
    const { seconds, style } = parseTime(row)
    const value = parseValue(row)
    let entry = found.get(row.id)
    if (entry === undefined) {
      const faults = { count: 0, line: 0 }
      const series = { id: row.id, timeStyle: style, startSeconds: seconds, values: [], faults }
      entry = { series, rows: 0, line: row.line }
      found.set(row.id, entry)
    }
    place(entry.series, row, seconds, value, stepSeconds)
    entry.rows++
  }
  if (found.size === 0) throw new InvalidInputError(`${path} holds no rows below its header.`)
  for (const { series, rows, line } of found.values()) {
    if (rows < 2)
      throw problem(line, 'series_id', `series ${shown(series.id)} has one sample only`, 'at least two')
  }
  return [...found.values()].map(({ series }) => series)
}

function parseTime({ line, time }: CsvRow): { seconds: number; style: TimeStyle } {
  if (/^-?\d+(\.\d+)?$/.test(time)) {
    const seconds = Number(time)
    if (seconds <= LATEST_SECONDS) return { seconds, style: 'epoch' }
    throw problem(line, 'timestamp', `${shown(time)} is in milliseconds`, 'epoch seconds')
  }
  const [, year, month, day] = TIME.exec(time) ?? []
  const utc = /(Z|\+00:?00)$/.test(time) ? time : time.length > 10 ? `${time}Z` : time
  const milliseconds = isDay(Number(year), Number(month), Number(day)) ? Date.parse(utc) : Number.NaN
  if (Number.isNaN(milliseconds)) {
    const expected = '2026-01-31T12:00:00Z or epoch seconds'
    throw problem(line, 'timestamp', `${shown(time)} is not a time in UTC`, expected)
  }
  return { seconds: milliseconds / 1000, style: 'iso' }
}

/** Whether the month has that day: `Date.parse` takes 30 February for 2 March. */
export function isDay(year: number, month: number, day: number): boolean {
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** The number of a row; NaN where nothing was measured. */
export function parseValue({ line, value }: CsvRow): number {
  if (MISSING.has(value.toLowerCase())) return Number.NaN
  if (!NUMBER.test(value))
    throw problem(line, 'value', `${shown(value)} is not a number`, 'a number such as 12.5, or nothing')
  return Number(value)
}

function place(series: GridSeries, row: CsvRow, seconds: number, value: number, stepSeconds: number): void {
  const position = (seconds - series.startSeconds) / stepSeconds
  const index = Math.round(position)
  const due = series.values.length
  if (Math.abs(position - index) > GRID_TOLERANCE) {
    const expected = `a whole number of ${stepSeconds} s steps after the first row of ${shown(series.id)}`
    throw problem(row.line, 'timestamp', `${shown(row.time)} is off the grid`, expected)
  }
  if (index < due) {
    const fault = index === due - 1 ? 'repeats the time before it' : 'is earlier than the row before it'
    const fact = `${shown(row.time)} of ${shown(series.id)} ${fault}`
    throw problem(row.line, 'timestamp', fact, 'times that increase')
  }
  if (index - due > LARGEST_GAP_STEPS) {
    const fault = `${shown(row.time)} leaves a hole of ${index - due} steps`
    throw problem(row.line, 'timestamp', fault, `at most ${LARGEST_GAP_STEPS}`)
  }
  while (series.values.length < index) series.values.push(Number.NaN)
  const faulty = value < 0 || value > LARGEST_VALUE
  if (faulty) {
    const { faults } = series
    series.faults = { count: faults.count + 1, line: faults.count > 0 ? faults.line : row.line }
  }
  series.values.push(faulty ? Number.NaN : value)
}
