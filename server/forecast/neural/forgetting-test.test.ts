import { expect, test } from 'vitest'
import { baseParameters } from './base-model.ts'
import { forgettingTest, JUDGED_FROM_ROWS } from './forgetting-test.ts'
import { ROW } from './net-shape.ts'
import { SHIPPED_BASE } from './shipped-base.ts'

const group = (name: string, input: number) => ({
  name,
  kind: 'anchor' as const,
  rows: { values: new Float32Array(JUDGED_FROM_ROWS * ROW).fill(input), count: JUDGED_FROM_ROWS },
})

test('a group whose loss is no number fails the candidate, wherever it stands', () => {
  const { weights } = baseParameters(SHIPPED_BASE)
  const [fine, broken] = [group('fine', 0.5), group('broken', Number.NaN)]
  expect(forgettingTest(weights, weights, [fine]).passed).toBe(true)
  for (const groups of [
    [fine, broken],
    [broken, fine],
  ]) {
    const { passed, worst } = forgettingTest(weights, weights, groups)
    expect([passed, worst]).toEqual([false, { name: 'broken', change: 1 }])
  }
})
