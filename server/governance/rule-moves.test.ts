import { expect, test } from 'vitest'
import type { PolicyResult } from '../plan/contract.ts'
import { ruleMoves } from './rule-moves.ts'

const budget: PolicyResult = {
  rule: 'cost-per-hour',
  name: 'budget',
  enforcement: 'soft-mandatory',
  passed: false,
  limit: 'at most $10.00/h for chat',
  actual: '$11.00/h',
  message: 'Rule budget: $11.00/h, but at most $10.00/h for chat.',
}
const judged = (ruleSetVersion: number, ...policyResults: PolicyResult[]) => ({
  policyResults,
  evidence: { ruleSetVersion },
})

test('the same rule in a newer version moves nothing, whatever it is held against by now', () => {
  expect(ruleMoves(judged(1, budget), judged(2, budget))).toEqual([])
  expect(ruleMoves(judged(1, budget), judged(2, { ...budget, actual: '$12.00/h' }))).toEqual([])
})

test.each([
  ['limit', { limit: 'at most $5.00/h for chat', message: 'at most $5' }],
  ['kind', { rule: 'jurisdictions' as const, limit: 'EU', message: 'at most $5' }],
  ['enforcement', { enforcement: 'hard-mandatory' as const, message: 'at most $5' }],
])('a rule that keeps its name and changes its %s is another one than was let pass', (_, change) => {
  expect(ruleMoves(judged(1, budget), judged(2, { ...budget, ...change }))).toEqual([
    'version 2 of the published rules stands against it: at most $5',
    'rule budget of version 1 no longer stands against it in version 2',
  ])
})
