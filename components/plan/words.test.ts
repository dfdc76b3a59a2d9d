import { expect, test } from 'vitest'
import type { Action } from '../../server/plan/contract.ts'
import { othersTouched } from './words.ts'

const of = (workloadId?: string) => ({ ...(workloadId ? { workloadId } : {}) }) as Action

test('a workload is not among the others that its own plan touches', () => {
  expect(othersTouched([of('own')], 'own')).toEqual([])
  expect(othersTouched([of(), of('b'), of('own'), of('b')], 'own')).toEqual(['b'])
})
