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
    attempts.check('ann')
    attempts.fail('ann')
  }
  expect(() => attempts.check('ann')).toThrow(RateLimitedError)
  expect(() => attempts.check('ann')).toThrow(/1 min/)
  expect(() => attempts.check('bob')).not.toThrow()
})

test('lets in again once the oldest failure has left the window', () => {
  const { attempts, clock } = limiter()
  attempts.fail('ann')
  clock.advance(30_000)
  attempts.fail('ann')
  attempts.fail('ann')
  expect(() => attempts.check('ann')).toThrow(RateLimitedError)
  clock.advance(30_000)
  expect(() => attempts.check('ann')).not.toThrow()
  attempts.fail('ann')
  expect(() => attempts.check('ann')).toThrow(RateLimitedError)
})

test('a success forgets the failures', () => {
  const { attempts } = limiter()
  for (let failure = 0; failure < 2; failure++) attempts.fail('ann')
  attempts.succeed('ann')
  attempts.fail('ann')
  expect(() => attempts.check('ann')).not.toThrow()
})
