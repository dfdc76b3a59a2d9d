import { AsyncLocalStorage } from 'node:async_hooks'
import type { GuardedAnswer, GuardedRequest } from '../../kernel/guarded-client.ts'
import { OutboundError } from '../../kernel/outbound-address.ts'

const mib = 1024 * 1024

/** What one question to another side may take, with all the requests that it needs. */
export type Bounds = { ms: number; requests: number; answerBytes: number; bytes: number }

/** A look at one target, or a write with the look after it: a page of large objects fits, and some ten thousand small ones. */
export const lookBounds = (requestTimeoutMs: number): Bounds => ({
  ...{ ms: 1.5 * requestTimeoutMs, requests: 100 },
  ...{ answerBytes: 6 * mib, bytes: 24 * mib },
})

/** A look at all that is there, which a person waits for. */
export const searchBounds: Bounds = { ms: 60_000, requests: 2_000, answerBytes: 16 * mib, bytes: 256 * mib }

type Spent = { bounds: Bounds; endsAt: number; requests: number; bytes: number }
const spent = new AsyncLocalStorage<Spent>()

/** Whatever `work` asks through `askWithin`, it is held to these bounds in all. */
export function withinBounds<T>(bounds: Bounds, work: () => Promise<T>): Promise<T> {
  return spent.run({ bounds, endsAt: performance.now() + bounds.ms, requests: 0, bytes: 0 }, work)
}

/**
 * Sends one request with what is left of the bounds that it is asked within.
 * @throws OutboundError naming the bound, or what the network said
 */
export async function askWithin(
  send: (request: GuardedRequest) => Promise<GuardedAnswer>,
  request: Omit<GuardedRequest, 'maxAnswerBytes'>,
): Promise<GuardedAnswer> {
  const all = spent.getStore()
  if (all === undefined) return send({ ...request, maxAnswerBytes: searchBounds.answerBytes })
  const { bounds, endsAt } = all
  const tooSlow = () => new OutboundError('timeout', `not all of it was answered within ${bounds.ms} ms`)
  const tooMuch = () =>
    new OutboundError('too_large', `its answers are larger than ${bounds.bytes} bytes in all`)
  if (++all.requests > bounds.requests)
    throw new OutboundError('too_large', `it took more than ${bounds.requests} requests`)
  const [leftMs, leftBytes] = [Math.floor(endsAt - performance.now()), bounds.bytes - all.bytes]
  if (leftMs < 1) throw tooSlow()
  if (leftBytes < 1) throw tooMuch()
  const timeoutMs = Math.min(request.timeoutMs, leftMs)
  const maxAnswerBytes = Math.min(bounds.answerBytes, leftBytes)
  try {
    const answer = await send({ ...request, timeoutMs, maxAnswerBytes })
    all.bytes += answer.body.length
    return answer
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    if (error.fault === 'timeout' && timeoutMs < request.timeoutMs) throw tooSlow()
    if (error.fault === 'too_large' && maxAnswerBytes < bounds.answerBytes) throw tooMuch()
    throw error
  }
}
