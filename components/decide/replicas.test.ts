import { expect, test } from 'vitest'
import { parseReplicas } from './replicas.ts'

test.each(['', ' ', '1.5', '-1', '1e3', 'ten'])('"%s" is no number of replicas', (text) => {
  expect(parseReplicas(text)).toHaveProperty('problem')
})

test('whole numbers are', () => {
  expect(parseReplicas(' 19 ')).toEqual({ value: 19 })
  expect(parseReplicas('0')).toEqual({ value: 0 })
  expect(parseReplicas('100001')).toEqual({ problem: 'Give at most 100,000 replicas.' })
})
