import { type Trace, type TraceRow, traceOf } from '../evaluation/index.ts'
import { InvalidInputError } from '../kernel/errors.ts'
import { type CsvRow, problem, readRows, shown } from './csv-rows.ts'
import { isDay, parseValue } from './series-csv.ts'

const TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?))?(Z|[+-]\d{2}(?::?\d{2})?)?$/i
/** Beyond this, the year 5138, "seconds" are milliseconds. */
const LATEST_SECONDS = 1e11
const NAMED = 5

/**
 * One series of a file `series_id,timestamp,value` on the grid of its own step. Without `id` the file must hold one series.
 * @throws InvalidInputError naming the line that is wrong, or the series that there are
 */
export async function readTraceCsv(path: string, id?: string): Promise<Trace> {
  const series = new Set<string>()
  const rows: TraceRow[] = []
  for await (const row of readRows(path)) {
    series.add(row.id)
    if (id === undefined ? series.size > 1 : row.id !== id) continue
    rows.push({ line: row.line, seconds: secondsOf(row), value: parseValue(row) })
  }
  const [only] = series
  if (only === undefined) throw new InvalidInputError(`${path} holds no rows below its header.`)
  if (id === undefined && series.size > 1)
    throw new InvalidInputError(
      `${path} holds ${series.size} series; name one with --series: ${listed(series)}.`,
    )
  if (rows.length === 0)
    throw new InvalidInputError(`${path} holds no series ${shown(id ?? only)}; it holds ${listed(series)}.`)
  return traceOf(id ?? only, rows)
}

function listed(series: ReadonlySet<string>): string {
  const names = [...series].slice(0, NAMED).map(shown).join(', ')
  return series.size > NAMED ? `${names} and ${series.size - NAMED} more` : names
}

function secondsOf({ line, time }: CsvRow): number {
  if (/^-?\d+(\.\d+)?$/.test(time)) {
    const seconds = Number(time)
    if (Math.abs(seconds) <= LATEST_SECONDS) return seconds
    throw problem(line, 'timestamp', `${shown(time)} is in milliseconds`, 'seconds')
  }
  const [, year, month, day, clock = '00:00', zone = 'Z'] = TIME.exec(time) ?? []
  const offset = /^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
  const milliseconds = isDay(Number(year), Number(month), Number(day))
    ? Date.parse(`${year}-${month}-${day}T${clock.replace(',', '.')}${offset.toUpperCase()}`)
    : Number.NaN
  if (Number.isNaN(milliseconds))
    throw problem(line, 'timestamp', `${shown(time)} is not a time`, '2026-01-31T12:00:00Z or seconds')
  return milliseconds / 1000
}
