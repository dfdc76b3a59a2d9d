import { expect, test } from 'vitest'
import { manualClock } from '../kernel/clock.ts'
import { RateLimitedError } from '../kernel/errors.ts'
import { attemptLimiter } from './rate-limit.ts'

const limit = { attempts: 3, windowSeconds: 60 }

function limiter() {
  const clock = manualClock(new Date('2026-03-02T09:00:00Z'))
  return { clock, attempts: attemptLimiter(clock, limit) }
}

test('refuses after as many failures as are allowed, and says for how long', () => {
  const { attempts } = limiter()
  for (let failure = 0; failure < 3; failure++) {
    attempts.begin('ann')
  }
  expect(() => attempts.begin('ann')).toThrow(RateLimitedError)
  expect(() => attempts.begin('ann')).toThrow(/1 min/)
  expect(() => attempts.begin('bob')).not.toThrow()
})

test('lets in again once the oldest failure has left the window', () => {
  const { attempts, clock } = limiter()
  attempts.begin('ann')
  clock.advance(30_000)
  attempts.begin('ann')
  attempts.begin('ann')
  expect(() => attempts.begin('ann')).toThrow(RateLimitedError)
  clock.advance(30_000)
  expect(() => attempts.begin('ann')).not.toThrow()
  expect(() => attempts.begin('ann')).toThrow(RateLimitedError)
})

test('a success is taken off the count, or forgets the failures', () => {
  const { attempts } = limiter()
  for (let failure = 0; failure < 2; failure++) attempts.begin('ann')
  for (let success = 0; success < 5; success++) {
    attempts.begin('ann')
    attempts.undo('ann')
  }
  attempts.begin('ann')
  expect(() => attempts.begin('ann')).toThrow(RateLimitedError)
  attempts.forget('ann')
  expect(() => attempts.begin('ann')).not.toThrow()
})
