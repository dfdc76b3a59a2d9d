import { expect, test } from 'vitest'
import { type TraceRow, traceOf } from './trace.ts'

const rowsOf = (...pairs: [number, number][]): TraceRow[] =>
  pairs.map(([seconds, value], i) => ({ line: i + 2, seconds, value }))
const NONE = Number.NaN

test('gaps are filled with the value before them, leading ones cut, negative values are 0', () => {
  const trace = traceOf('x', rowsOf([0, NONE], [60, 5], [120, -3], [180, NONE], [360, 7], [420, 8], [480, 9]))
  expect(trace).toMatchObject({ startSeconds: 60, stepSeconds: 60 })
  expect([...trace.demand]).toEqual([5, 0, 0, 0, 0, 7, 8, 9])
  expect([...trace.gap]).toEqual([0, 0, 1, 1, 1, 0, 0, 0])
})

test('the step is the median difference; times may miss the grid by a hundredth of it', () => {
  expect(traceOf('x', rowsOf([0, 1], [60.6, 2], [120, 3], [180, 4], [240, 5], [300, 6])).demand).toHaveLength(
    6,
  )
  expect(() => traceOf('x', rowsOf([0, 1], [60, 2], [121, 3], [180, 4], [240, 5]))).toThrow(
    'Line 4: the time 121 s is off the grid of 60 s',
  )
})

test.each<[string, TraceRow[], string]>([
  ['one row', rowsOf([0, 1]), 'has 1 rows; expected at least two'],
  ['no value', rowsOf([0, NONE], [60, NONE]), 'has no measured value'],
  ['a repeated time', rowsOf([0, 1], [60, 1], [60, 1]), 'Line 4: the time 60 s repeats'],
  ['a step back', rowsOf([0, 1], [60, 1], [30, 1]), 'Line 4: the time 30 s is earlier'],
  ['a step below 10 s', rowsOf([0, 1], [5, 1], [10, 1]), 'has a step of 5 s'],
  ['a step above 600 s', rowsOf([0, 1], [3600, 1]), 'has a step of 3600 s'],
  [
    'a value beyond any demand',
    rowsOf([0, 1], [60, 1e19]),
    'Line 3: the value 10000000000000000000 is beyond',
  ],
  ['a time far away', rowsOf([0, 1], [60, 1], [120, 1], [6e9, 1]), 'lies 100000000 steps after'],
])('%s is refused', (_, rows, fault) => {
  expect(() => traceOf('x', rows)).toThrow(fault)
})
