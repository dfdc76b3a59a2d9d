import { expect, test } from 'vitest'
import { readTests, testLine } from './written-tests.ts'

test('lines are read as they are written', () => {
  const lines = ['spot: forbid environment=production, to=9, market=spot', 'at rest: permit']
  const { tests, problem } = readTests(`${lines[0]}\n\n${lines[1]}\n`)
  expect(problem).toBeNull()
  expect(tests[0]).toEqual({
    name: 'spot',
    expect: 'forbid',
    given: { environment: 'production', market: 'spot', to: 9 },
  })
  expect(tests.map(testLine)).toEqual(lines)
})

test('what cannot be read is named, with what would be right', () => {
  const problemOf = (text: string) => readTests(text).problem
  expect(problemOf('a: permit\nb: allow')).toMatch(/^line 2: write it as/)
  expect(problemOf('a: forbid colour=red')).toMatch(/no fact "colour"; there are action, workload/)
  expect(problemOf('a: forbid to=many')).toMatch(/^line 1: to: .*number/)
  expect(problemOf('a: forbid market=flea')).toMatch(/^line 1: market: /)
  expect(problemOf('a: forbid market')).toMatch(/write fact=value/)
})
