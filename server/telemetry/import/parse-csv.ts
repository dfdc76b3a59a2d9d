import { parse } from 'csv-parse/sync'
import { type ErrorDetail, InvalidInputError } from '../../kernel/errors.ts'
import { largestValue, smallestValue } from '../limits.ts'

export type CsvSeries = { samples: { at: number; value: number }[]; rows: number; gaps: number }

const maxProblems = 10
const isoUtc = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|\+00:?00)?$/
const epochSeconds = /^\d+(\.\d+)?$/
const missing = new Set(['', 'nan', 'null'])

type Row = { line: number; series: string; timestamp: string; value: string }

/**
 * Reads one series of a CSV file with the columns `timestamp,value` or `series_id,timestamp,value`; further columns
 * are ignored. Times are ISO 8601 in UTC or seconds since the epoch, in any order; an empty value is a gap.
 * @param latest the last instant that a sample may have, in milliseconds since the epoch
 * @throws InvalidInputError that names the line of each of the first ten problems
 */
export function parseSeriesCsv(csv: string, series: string | undefined, latest: number): CsvSeries {
  const rows = chooseSeries(readRows(csv), series)
  const problems: ErrorDetail[] = []
  const lineOf = new Map<number, number>()
  const samples: { at: number; value: number }[] = []
  let gaps = 0
  for (const { line, timestamp, value } of rows) {
    const at = parseTime(timestamp)
    const first = lineOf.get(at)
    lineOf.set(at, line)
    if (Number.isNaN(at)) {
      problems.push(
        problem(line, 'timestamp', `"${timestamp}" is no time`, 'ISO 8601 in UTC, or epoch seconds'),
      )
    } else if (at > latest) {
      problems.push(problem(line, 'timestamp', `"${timestamp}" is in the future`, 'a time that has been'))
    } else if (first !== undefined) {
      problems.push(problem(line, 'timestamp', `repeats the time of line ${first}`, 'each time once'))
    } else if (missing.has(value.toLowerCase())) {
      gaps++
    } else if (Number(value) >= 0 && Number(value) <= largestValue) {
      samples.push({ at, value: Number(value) < smallestValue ? 0 : Number(value) })
    } else if (Number.isFinite(Number(value))) {
      const expected = `0 to ${largestValue}, or nothing for a gap`
      problems.push(problem(line, 'value', `"${value}" is no value of a signal`, expected))
    } else {
      problems.push(problem(line, 'value', `"${value}" is no number`, 'a number, or nothing for a gap'))
    }
  }
  if (problems.length > 0) throw refusal(problems)
  if (samples.length === 0) throw new InvalidInputError('The file holds no values below its header.')
  return { samples: samples.sort((a, b) => a.at - b.at), rows: rows.length, gaps }
}

function readRows(csv: string): Row[] {
  const [[, ...header] = [], ...records] = readRecords(csv)
  const [series, timestamp, value] = ['series_id', 'timestamp', 'value'].map((name) => header.indexOf(name))
  if (timestamp === undefined || value === undefined || timestamp < 0 || value < 0) {
    const message = `the columns are "${header.join(',')}"`
    throw refusal([problem(1, 'header', message, 'timestamp,value or series_id,timestamp,value')])
  }
  return records.map(([line, ...record]) => ({
    line: Number(line),
    series: record[series ?? -1] ?? '',
    timestamp: record[timestamp] ?? '',
    value: record[value] ?? '',
  }))
}

/** Every record, with the number of its line before it. */
function readRecords(csv: string): string[][] {
  try {
    return parse(csv, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (record: string[], { lines }) => [String(lines), ...record],
    })
  } catch (error) {
    throw new InvalidInputError(`The file is no CSV: ${error instanceof Error ? error.message : error}`)
  }
}

function chooseSeries(rows: Row[], wanted: string | undefined): Row[] {
  const names = [...new Set(rows.map((row) => row.series))]
  const listed = `${names.slice(0, 5).join(', ')}${names.length > 5 ? `, … (${names.length})` : ''}`
  if (wanted === undefined) {
    if (names.length <= 1) return rows
    throw new InvalidInputError(`The file holds several series: ${listed}. Say which by --series.`)
  }
  if (!names.includes(wanted)) {
    throw new InvalidInputError(`The file holds no series "${wanted}"; it holds ${listed || 'none'}.`)
  }
  return rows.filter((row) => row.series === wanted)
}

/** Milliseconds since the epoch, or NaN. */
function parseTime(text: string): number {
  if (epochSeconds.test(text)) return Math.round(Number(text) * 1_000)
  if (!isoUtc.test(text)) return Number.NaN
  return Date.parse(text.length === 10 || /(Z|\+00:?00)$/.test(text) ? text : `${text}Z`)
}

function problem(line: number, column: string, message: string, expected: string): ErrorDetail {
  return { path: `line ${line}, ${column}`, message, expected }
}

function refusal(problems: ErrorDetail[]): InvalidInputError {
  const shown = problems.slice(0, maxProblems)
  const which = problems.length > shown.length ? `; the first ${shown.length} are` : ''
  const count = problems.length === 1 ? 'a fault' : `${problems.length} faults`
  return new InvalidInputError(`The file has ${count}, and nothing was imported${which}:`, shown)
}
