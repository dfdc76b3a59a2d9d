import { expect, test } from 'vitest'
import { kubernetesUnit } from './contract.ts'
import { levelWords, runWords, waitingWords } from './wording.ts'

const hpa = { kind: 'HorizontalPodAutoscaler', namespace: 'models', name: 'chat' } as const
const floor = {
  action: { kind: 'scale', targetName: 'chat', toReplicas: 10 },
  adapter: { unit: (control: 'replicas') => kubernetesUnit(hpa, control) },
} as const
const job = (kind: 'suspend' | 'resume' | 'cancel', toReplicas: number) => ({
  action: { kind, targetName: 'train', toReplicas },
  adapter: { unit: () => 'running' },
})

test('a level is called what it is at its kind', () => {
  expect(levelWords(floor, 10)).toBe('10 minimum replicas')
  expect(levelWords(job('suspend', 0), 0)).toBe('suspended')
  expect(levelWords(job('cancel', 0), 0)).toBe('ended')
  expect(runWords({ kind: 'allocate' }, 3)).toBeNull()
  const pool = { kind: 'NodePool', name: 'gpu', resource: 'nvidia.com/gpu', perNode: '8' } as const
  expect(kubernetesUnit(pool, 'nodes')).toBe('nodes of its limit on nvidia.com/gpu')
})

test('what is waited for is said, and that a count is not about it yet', () => {
  expect(waitingWords(floor, { readyReplicas: 4, awaits: null })).toBe(
    '4 of 10 minimum replicas of "chat" are ready',
  )
  expect(waitingWords(floor, { readyReplicas: 10, awaits: 'its controller to see the change' })).toBe(
    '10 of 10 minimum replicas of "chat" are ready, which waits for its controller to see the change',
  )
  expect(waitingWords(job('suspend', 0), { readyReplicas: 1, awaits: null })).toBe('"train" still has pods')
  expect(waitingWords(job('resume', 1), { readyReplicas: 0, awaits: null })).toBe('"train" has no ready pod')
})
