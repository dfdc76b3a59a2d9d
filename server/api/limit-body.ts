import { TooLargeError } from '../kernel/errors.ts'

/** What people and tools send fits in this many times over; the intake has limits of its own. */
export const maxBodyBytes = 1_000_000

/**
 * The same request; its body breaks off with a TooLargeError as soon as it is larger, whatever its headers promise, so
 * that nobody fills our memory.
 */
export function withLimitedBody(request: Request): Request {
  if (request.body === null) return request
  let size = 0
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      size += chunk.length
      if (size <= maxBodyBytes) controller.enqueue(chunk)
      else controller.error(new TooLargeError(`The body may have at most ${maxBodyBytes} bytes.`))
    },
  })
  const { url, method, headers, signal } = request
  const body = request.body.pipeThrough(limit)
  const init: RequestInit & { duplex: 'half' } = { method, headers, signal, body, duplex: 'half' }
  return new Request(url, init)
}
