import { EventEmitter, on } from 'node:events'
import { expect, test } from 'vitest'
import { recheckedEvery } from './rechecked.ts'

const never = new AbortController().signal

async function* feed(emitter: EventEmitter, signal: AbortSignal) {
  try {
    for await (const [item] of on(emitter, 'item', { signal })) yield String(item)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

test('passes items on while the check holds, and ends with what it throws, even in silence', async () => {
  const emitter = new EventEmitter()
  let holds = true
  const check = async () => {
    if (!holds) throw new Error('the session has ended')
  }
  const stream = recheckedEvery(5, never, (signal) => feed(emitter, signal), check)
  const first = stream.next()
  setImmediate(() => emitter.emit('item', 'one'))
  expect(await first).toEqual({ done: false, value: 'one' })
  const second = stream.next()
  holds = false
  await expect(second).rejects.toThrow('the session has ended')
  expect(emitter.listenerCount('item')).toBe(0)
})

test('checks before the first item', async () => {
  const items = (async function* () {
    yield 'one'
  })()
  const refuse = async () => {
    throw new Error('nobody')
  }
  await expect(recheckedEvery(1_000, never, () => items, refuse).next()).rejects.toThrow('nobody')
})

test('ends with its source', async () => {
  const items = (async function* () {
    yield 1
    yield 2
  })()
  const seen: number[] = []
  for await (const item of recheckedEvery(
    1_000,
    never,
    () => items,
    async () => undefined,
  ))
    seen.push(item)
  expect(seen).toEqual([1, 2])
})
