import { expect, test } from 'vitest'
import { manualClock } from '../kernel/clock.ts'
import type { Actor } from '../kernel/context.ts'
import { RateLimitedError } from '../kernel/errors.ts'
import { createLogger } from '../kernel/log.ts'
import { toErrorResponse } from './errors.ts'
import { callsOf, countingRequests } from './request-limits.ts'

const start = new Date('2026-03-02T09:00:00.000Z')
const person = (userId: string): Actor => ({ kind: 'user', userId, email: 'a@b.test', name: 'A', roles: [] })
const key = (keyId: string, userId: string): Actor => ({
  ...{ kind: 'api_key', keyId, keyName: 'nightly', userId, email: 'a@b.test', roles: [], scopes: [] },
})

function counting() {
  const clock = manualClock(start)
  const count = countingRequests({ personPerMinute: 60, keyPerMinute: 30 }, clock)
  /** How many of `calls` single requests pass. */
  const passing = (actor: Actor, calls: number) =>
    Array.from({ length: calls }).filter(() => {
      try {
        count(actor, 1)
        return true
      } catch (error) {
        if (error instanceof RateLimitedError) return false
        throw error
      }
    }).length
  return { clock, count, passing }
}

test('a person has a minute’s worth at once, and then as many as the time brings', () => {
  const { clock, passing } = counting()
  expect(passing(person('ann'), 100)).toBe(60)
  clock.advance(10_000)
  expect(passing(person('ann'), 100)).toBe(10)
  clock.advance(3_600_000)
  expect(passing(person('ann'), 100)).toBe(60)
})

test('one person or key uses up nothing of another’s, nor a key of its owner’s', () => {
  const { passing } = counting()
  expect(passing(key('k1', 'ann'), 100)).toBe(30)
  expect(passing(key('k2', 'ann'), 100)).toBe(30)
  expect(passing(person('ann'), 100)).toBe(60)
  expect(passing(person('bob'), 100)).toBe(60)
})

test('a batch counts as its calls, and one that is larger than the bucket waits for it to be full', () => {
  const { clock, count } = counting()
  const batch = new Request(`http://here.test/api/trpc/${Array(40).fill('proposal.list').join(',')}?batch=1`)
  expect(callsOf(batch)).toBe(40)
  expect(callsOf(new Request('http://here.test/api/v1/proposals?words=a,b'))).toBe(1)
  count(person('ann'), 40)
  expect(() => count(person('ann'), 40)).toThrow('you may make 60 a minute. Go on in 20 s.')
  clock.advance(40_000)
  count(person('ann'), 500)
  expect(() => count(person('ann'), 1)).toThrow(RateLimitedError)
})

test('the answer is 429 and says when to come back', async () => {
  const { count } = counting()
  count(key('k1', 'ann'), 30)
  const refused = () => count(key('k1', 'ann'), 3)
  expect(refused).toThrow('the API key "nightly" may make 30 a minute')
  const error = new RateLimitedError('later', 6)
  const answer = toErrorResponse(error, { log: createLogger('test'), requestId: 'r' })
  expect(answer.status).toBe(429)
  expect(answer.headers.get('Retry-After')).toBe('6')
  expect(await answer.json()).toMatchObject({ error: { code: 'rate_limited', message: 'later' } })
})
