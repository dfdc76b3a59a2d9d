import { expect, test } from 'vitest'
import { overview } from '../../e2e/fixtures/world.ts'
import { comingOf, highestByUnit } from './coming.ts'

const { workloads, inbox } = overview()

test('surges and possible passings come in order of time; what has no forecast or room enough is left out', () => {
  const coming = comingOf(workloads, [])
  expect(coming.map((item) => item.at)).toEqual(coming.map((item) => item.at).toSorted((a, b) => a - b))
  expect(coming.find((item) => item.workload.name === 'chat-llm')?.kind).toBe('surge')
  expect(coming.find((item) => item.workload.name === 'train-vision')).toBeUndefined()
})

test('a moment is possible only where the 90 % quantile passes ready capacity', () => {
  const roomy = workloads.map((entry) => ({ ...entry, capacity: 1e9, waiting: null }))
  expect(comingOf(roomy, [])).toEqual([])
  const tight = workloads.map((entry) => ({ ...entry, waiting: null }))
  const first = comingOf(tight, [])[0]
  expect(first).toMatchObject({ kind: 'possible', proposalId: null })
})

test('the proposal that answers a surge gives its probability', () => {
  const coming = comingOf(workloads, inbox.top)
  expect(coming.find((item) => item.workload.name === 'chat-llm')).toMatchObject({
    probability: 0.91,
    proposalId: inbox.top[0]?.id,
  })
})

test('charts of one unit share a scale', () => {
  const highest = highestByUnit(workloads)
  expect(highest.get('req/s')).toBeGreaterThanOrEqual(140)
  expect(highest.size).toBe(3)
})
