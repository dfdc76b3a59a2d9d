import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import { InvalidInputError } from '../kernel/errors.ts'

/** How a file writes its times; output follows it. */
export type TimeStyle = 'iso' | 'epoch'

/** One series on its grid: value i belongs to `startSeconds + i · stepSeconds`; NaN where missing. */
export type GridSeries = {
  id: string
  timeStyle: TimeStyle
  startSeconds: number
  values: number[]
  negatives: number
}

const COLUMNS = ['series_id', 'timestamp', 'value'] as const
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|\+00:?00)?$/
const MISSING = new Set(['', 'nan', 'null'])
/** Share of a step by which a time may miss its grid point. */
const GRID_TOLERANCE = 0.01
/** A longer hole is a wrong time or a wrong step, not an outage. */
const LARGEST_GAP_STEPS = 100_000

type Row = { line: number; id: string; time: string; value: string }

/**
 * Reads `series_id,timestamp,value` (further columns are ignored) and puts each series on its grid. Series may
 * be interleaved; within one, times must increase and lie on the grid that its first row starts. An empty
 * value and an absent row are gaps; a negative value is a fault and counts as a gap.
 * @throws InvalidInputError naming line and column of the first row that is wrong.
 */
export async function readSeriesCsv(path: string, stepSeconds: number): Promise<GridSeries[]> {
  const found = new Map<string, { series: GridSeries; rows: number; line: number }>()
  for await (const row of rowsOf(path)) {
    const { seconds, style } = parseTime(row)
    const value = parseValue(row)
    const known = found.get(row.id)
    if (known === undefined) {
      const series = { id: row.id, timeStyle: style, startSeconds: seconds, values: [], negatives: 0 }
      found.set(row.id, { series, rows: 0, line: row.line })
    }
    const entry = found.get(row.id)
    if (entry === undefined) continue
    place(entry.series, row, seconds, value, stepSeconds)
    entry.rows++
  }
  if (found.size === 0) throw new InvalidInputError(`${path} holds no rows below its header.`)
  for (const { series, rows, line } of found.values()) {
    if (rows < 2)
      throw problem(line, 'series_id', `series "${series.id}" has one sample only`, 'at least two')
  }
  return [...found.values()].map(({ series }) => series)
}

async function* rowsOf(path: string): AsyncGenerator<Row> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  })
  const source = createReadStream(path)
  source.on('error', (error) => parser.destroy(error))
  let positions: number[] | null = null
  try {
    for await (const { record, info } of source.pipe(parser)) {
      if (positions === null) {
        positions = headerPositions(record)
        continue
      }
      const [id, time, value] = positions.map((position) => record[position])
      if (id === undefined || time === undefined || value === undefined) {
        throw problem(info.lines, 'value', `the row has ${record.length} columns`, COLUMNS.join(','))
      }
      if (id === '') throw problem(info.lines, 'series_id', 'the name is empty', 'a name')
      yield { line: info.lines, id, time, value }
    }
  } catch (error) {
    throw readError(error, path)
  }
  if (positions === null)
    throw new InvalidInputError(`${path} is empty; expected a header ${COLUMNS.join(',')}.`)
}

function headerPositions(header: string[]): number[] {
  return COLUMNS.map((name) => {
    const position = header.indexOf(name)
    if (position < 0) throw problem(1, name, 'the header lacks this column', COLUMNS.join(','))
    return position
  })
}

function readError(error: unknown, path: string): unknown {
  if (error instanceof InvalidInputError || !(error instanceof Error)) return error
  const { message } = error
  if ('code' in error && error.code === 'ENOENT') return new InvalidInputError(`There is no file ${path}.`)
  return new InvalidInputError(`${path} cannot be read: ${message}`)
}

function parseTime({ line, time }: Row): { seconds: number; style: TimeStyle } {
  if (/^-?\d+(\.\d+)?$/.test(time)) return { seconds: Number(time), style: 'epoch' }
  const utc = /(Z|\+00:?00)$/.test(time) ? time : time.length > 10 ? `${time}Z` : time
  const milliseconds = ISO.test(time) ? Date.parse(utc) : Number.NaN
  if (Number.isNaN(milliseconds)) {
    throw problem(line, 'timestamp', `"${time}" is not a time`, '2026-01-31T12:00:00Z or epoch seconds')
  }
  return { seconds: milliseconds / 1000, style: 'iso' }
}

function parseValue({ line, value }: Row): number {
  if (MISSING.has(value.toLowerCase())) return Number.NaN
  const number = Number(value)
  if (!Number.isFinite(number))
    throw problem(line, 'value', `"${value}" is not a number`, 'a number, or nothing')
  return number
}

function place(series: GridSeries, row: Row, seconds: number, value: number, stepSeconds: number): void {
  const position = (seconds - series.startSeconds) / stepSeconds
  const index = Math.round(position)
  const due = series.values.length
  if (Math.abs(position - index) > GRID_TOLERANCE) {
    const expected = `a whole number of ${stepSeconds} s steps after the first row of "${series.id}"`
    throw problem(row.line, 'timestamp', `"${row.time}" is off the grid`, expected)
  }
  if (index < due) {
    const fault = index === due - 1 ? 'repeats the time before it' : 'is earlier than the row before it'
    throw problem(row.line, 'timestamp', `"${row.time}" of "${series.id}" ${fault}`, 'times that increase')
  }
  if (index - due > LARGEST_GAP_STEPS) {
    const fault = `"${row.time}" leaves a hole of ${index - due} steps`
    throw problem(row.line, 'timestamp', fault, `at most ${LARGEST_GAP_STEPS}`)
  }
  while (series.values.length < index) series.values.push(Number.NaN)
  if (value < 0) series.negatives++
  series.values.push(value < 0 ? Number.NaN : value)
}

function problem(line: number, column: string, fault: string, expected: string): InvalidInputError {
  const message = `Line ${line}, column ${column}: ${fault}; expected ${expected}.`
  return new InvalidInputError(message, [{ path: `${line}:${column}`, message: fault, expected }])
}
