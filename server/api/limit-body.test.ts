import { expect, test } from 'vitest'
import { TooLargeError } from '../kernel/errors.ts'
import { maxBodyBytes, withLimitedBody } from './limit-body.ts'
import { readBody } from './rest/read-body.ts'

const chunkBytes = 100_000

/** A body of so many chunks, without a promise of its length. */
function sending(chunks: number, chunk = new Uint8Array(chunkBytes).fill(32)) {
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (sent === chunks) return controller.close()
      sent += 1
      controller.enqueue(chunk)
    },
  })
  const headers = { 'Content-Type': 'application/json' }
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' }
  return { request: new Request('http://localhost/', init), sent: () => sent }
}

test('a body within the limit arrives whole, with its headers', async () => {
  const { request } = sending(maxBodyBytes / chunkBytes)
  const limited = withLimitedBody(request)
  expect(limited.headers.get('content-type')).toBe('application/json')
  expect((await limited.text()).length).toBe(maxBodyBytes)
})

test.each(['json', 'text', 'formData'] as const)('a larger one breaks off early, read as %s', async (as) => {
  const { request, sent } = sending(1_000)
  await expect(withLimitedBody(request)[as]()).rejects.toBeInstanceOf(TooLargeError)
  expect(sent()).toBeLessThan(20)
})

test('the REST face reads no more of a body than it takes', async () => {
  const { request, sent } = sending(1_000)
  await expect(readBody(request)).rejects.toBeInstanceOf(TooLargeError)
  expect(sent()).toBeLessThan(20)
  expect(await readBody(sending(1, new TextEncoder().encode('{"a":1}')).request)).toEqual({ a: 1 })
})

test('a request without a body stays as it is', () => {
  const request = new Request('http://localhost/')
  expect(withLimitedBody(request)).toBe(request)
})
