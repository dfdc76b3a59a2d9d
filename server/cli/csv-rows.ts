import { createReadStream } from 'node:fs'
import { CsvError, parse } from 'csv-parse'
import { InvalidInputError } from '../kernel/errors.ts'

export const COLUMNS = ['series_id', 'timestamp', 'value'] as const

/** One row as it was written, and the line that it ended on. */
export type CsvRow = { line: number; id: string; time: string; value: string }

const LONGEST_LINE = 65_536
/** Characters of foreign text that a message repeats. */
const SHOWN = 60

/**
 * Rows of a file whose header names `series_id`, `timestamp` and `value`, in any order; other columns are ignored.
 * Streams: no more than a block of the file is held.
 * @throws InvalidInputError naming line and column of what cannot be read.
 */
export async function* readRows(path: string): AsyncGenerator<CsvRow> {
  const parser = parse({
    bom: true,
    info: true,
    max_record_size: LONGEST_LINE,
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
        positions = headerPositions(record, info.lines)
        continue
      }
      const [id, time, value] = positions.map((position) => record[position])
      if (id === undefined || time === undefined || value === undefined) {
        const columns = record.length === 1 ? '1 column' : `${record.length} columns`
        throw problem(info.lines, 'value', `the row has ${columns}`, COLUMNS.join(','))
      }
      if (id === '') throw problem(info.lines, 'series_id', 'the name is empty', 'a name')
      yield { line: info.lines, id, time, value }
    }
  } catch (error) {
    throw readError(error, path)
  } finally {
    source.destroy()
  }
  if (positions === null)
    throw new InvalidInputError(`${path} is empty; expected a header ${COLUMNS.join(',')}.`)
}

/** The refusal of a cell: where it is, what is wrong, what would be right. */
export function problem(line: number, column: string, fault: string, expected: string): InvalidInputError {
  const message = `Line ${line}, column ${column}: ${fault}; expected ${expected}.`
  return new InvalidInputError(message, [{ path: `${line}:${column}`, message: fault, expected }])
}

/** Text of the file as a message may repeat it: short, and without control characters. */
export function shown(text: string): string {
  const plain = text.replace(/\p{C}/gu, '·')
  return `"${plain.length > SHOWN ? `${plain.slice(0, SHOWN)}…` : plain}"`
}

function headerPositions(header: string[], line: number): number[] {
  return COLUMNS.map((name) => {
    const position = header.indexOf(name)
    const found = shown(header.join(','))
    if (position < 0) throw problem(line, name, `the header ${found} lacks this column`, COLUMNS.join(','))
    if (header.indexOf(name, position + 1) >= 0) {
      throw problem(line, name, `the header ${found} names this column twice`, 'it once')
    }
    return position
  })
}

function readError(error: unknown, path: string): unknown {
  if (error instanceof InvalidInputError || !(error instanceof Error)) return error
  if (error instanceof CsvError) return parseError(error)
  const code = 'code' in error ? error.code : ''
  if (code === 'ENOENT') return new InvalidInputError(`There is no file ${path}.`)
  if (code === 'EISDIR') return new InvalidInputError(`${path} is a folder; expected a CSV file.`)
  return new InvalidInputError(`${path} cannot be read: ${error.message}`)
}

function parseError(error: CsvError): InvalidInputError {
  const line = Number(error.lines ?? 0)
  switch (error.code) {
    case 'CSV_MAX_RECORD_SIZE':
      return new InvalidInputError(
        `Line ${line} is longer than ${LONGEST_LINE} characters, or a quote before it is never closed.`,
      )
    case 'CSV_QUOTE_NOT_CLOSED':
      return new InvalidInputError(`A quote that opens on line ${line} or before it is never closed.`)
    default:
      return new InvalidInputError(
        `Line ${line} is not CSV: a quote must enclose a whole field, and be doubled within it.`,
      )
  }
}
