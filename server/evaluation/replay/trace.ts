import { InvalidInputError } from '../../kernel/errors.ts'

/** One row of the input: seconds, and units per second or NaN where nothing was measured. `line` is for messages. */
export type TraceRow = { line: number; seconds: number; value: number }

/** Demand on its grid: step i is [startSeconds + i·stepSeconds, + stepSeconds). Gaps hold the value before them. */
export type Trace = {
  seriesId: string
  startSeconds: number
  stepSeconds: number
  /** Units per second, never negative. */
  demand: Float64Array
  gap: Uint8Array
}

const SHORTEST_STEP = 10
const LONGEST_STEP = 600
/** Share of a step by which a time may miss its grid point, and what sums of fractions may miss that by. */
const GRID_TOLERANCE = 0.01 + 1e-9
const MOST_STEPS = 5_000_000
const LARGEST_VALUE = 1e18

/**
 * Puts rows on the grid of their median distance. Leading gaps are cut, later ones filled; negative values become 0.
 * @throws InvalidInputError when there are too few rows, rows are out of order, repeated or off the grid, or no value.
 */
export function traceOf(seriesId: string, rows: readonly TraceRow[]): Trace {
  const [first] = rows
  if (first === undefined || rows.length < 2)
    throw new InvalidInputError(`Series "${seriesId}" has ${rows.length} rows; expected at least two.`)
  const stepSeconds = medianDifference(rows)
  if (!(stepSeconds >= SHORTEST_STEP && stepSeconds <= LONGEST_STEP)) {
    throw new InvalidInputError(
      `Series "${seriesId}" has a step of ${stepSeconds} s (median difference of its times); expected ${SHORTEST_STEP} to ${LONGEST_STEP} s.`,
    )
  }
  const values: number[] = []
  for (const row of rows) place(values, row, first.seconds, stepSeconds)
  const start = values.findIndex((value) => !Number.isNaN(value))
  if (start < 0) throw new InvalidInputError(`Series "${seriesId}" has no measured value.`)
  const demand = Float64Array.from(values.slice(start))
  const gap = new Uint8Array(demand.length)
  for (const [i, value] of demand.entries()) {
    gap[i] = Number.isNaN(value) ? 1 : 0
    demand[i] = gap[i] ? (demand[i - 1] ?? 0) : Math.max(0, value)
  }
  return { seriesId, startSeconds: first.seconds + start * stepSeconds, stepSeconds, demand, gap }
}

function medianDifference(rows: readonly TraceRow[]): number {
  const differences = new Float64Array(rows.length - 1)
  for (let i = 1; i < rows.length; i++) {
    const [before, row] = [rows[i - 1], rows[i]]
    if (before === undefined || row === undefined) continue
    const difference = row.seconds - before.seconds
    if (difference === 0) throw wrong(row, 'repeats the time of the row before it')
    if (difference < 0) throw wrong(row, 'is earlier than the row before it')
    differences[i - 1] = difference
  }
  differences.sort()
  const middle = differences.length >> 1
  const upper = differences[middle] ?? Number.NaN
  return differences.length % 2 === 1 ? upper : ((differences[middle - 1] ?? upper) + upper) / 2
}

function place(values: number[], row: TraceRow, start: number, stepSeconds: number): void {
  const position = (row.seconds - start) / stepSeconds
  const index = Math.round(position)
  if (Math.abs(position - index) > GRID_TOLERANCE)
    throw wrong(row, `is off the grid of ${stepSeconds} s that the first row starts`)
  if (index < values.length) throw wrong(row, 'falls on the same step as the row before it')
  if (index >= MOST_STEPS)
    throw wrong(row, `lies ${index} steps after the first row; at most ${MOST_STEPS} fit`)
  if (row.value > LARGEST_VALUE)
    throw new InvalidInputError(`Line ${row.line}: the value ${row.value} is beyond any demand (1e18).`)
  while (values.length < index) values.push(Number.NaN)
  values.push(row.value)
}

const wrong = ({ line, seconds }: TraceRow, fault: string) =>
  new InvalidInputError(`Line ${line}: the time ${seconds} s ${fault}.`, [
    { path: `${line}:timestamp`, message: fault, expected: 'times that increase on one grid' },
  ])
