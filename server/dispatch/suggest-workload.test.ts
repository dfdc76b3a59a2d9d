import { expect, test } from 'vitest'
import { suggestWorkload } from './suggest-workload.ts'

const workloads = [
  { id: 'chat', name: 'chat-llm', title: 'Chat assistant' },
  { id: 'search', name: 'search-embedder', title: 'Search' },
  { id: 'train', name: 'nightly-training', title: 'Nightly training' },
]
const suggested = (name: string, appName: string | null = null, namespace: string | null = 'models') =>
  suggestWorkload({ name, appName, namespace }, workloads)?.workloadId ?? null

test('the label decides, then the name, then the namespace, then a name that is like it', () => {
  expect(suggested('search-embedder', 'chat-llm')).toBe('chat')
  expect(suggested('Chat-LLM', 'unknown')).toBe('chat')
  expect(suggested('worker', null, 'nightly-training')).toBe('train')
  expect(suggested('chat-llm-v2-server')).toBe('chat')
  expect(suggested('training-nightly-l4')).toBe('train')
})

test('what is like none of them, or like two, is left to the person', () => {
  expect(suggested('redis')).toBeNull()
  expect(suggested('api-server')).toBeNull()
  expect(suggested('')).toBeNull()
  const twins = [
    { id: 'a', name: 'chat-eu', title: 'A' },
    { id: 'b', name: 'chat-us', title: 'B' },
  ]
  expect(suggestWorkload({ name: 'chat', appName: null, namespace: null }, twins)).toBeNull()
})
