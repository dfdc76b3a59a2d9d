import type { Clock } from '../kernel/clock.ts'
import { RateLimitedError } from '../kernel/errors.ts'

/** Failed attempts allowed within `windowSeconds`, before further ones are refused. */
export type AttemptLimit = { attempts: number; windowSeconds: number }

const maxKeys = 10_000

/**
 * Counts failures by key in this process, over a sliding window. Bounded: the oldest keys are forgotten first.
 * One instance serves one kind of attempt.
 */
export function attemptLimiter(clock: Clock, limit: AttemptLimit) {
  const failures = new Map<string, number[]>()

  const recent = (key: string) => {
    const since = clock.now().getTime() - limit.windowSeconds * 1_000
    return (failures.get(key) ?? []).filter((at) => at > since)
  }
  return {
    /** @throws RateLimitedError that says when the next attempt may be made. */
    check(key: string): void {
      const [oldest, ...rest] = recent(key).slice(-limit.attempts)
      if (oldest === undefined || rest.length + 1 < limit.attempts) return
      const waitSeconds = Math.ceil((oldest - clock.now().getTime()) / 1_000 + limit.windowSeconds)
      throw new RateLimitedError(`Too many failed sign-ins. Try again in ${Math.ceil(waitSeconds / 60)} min.`)
    },
    fail(key: string): void {
      const at = [...recent(key), clock.now().getTime()].slice(-limit.attempts)
      failures.delete(key)
      failures.set(key, at)
      const first = failures.keys().next()
      if (failures.size > maxKeys && !first.done) failures.delete(first.value)
    },
    succeed(key: string): void {
      failures.delete(key)
    },
  }
}
export type AttemptLimiter = ReturnType<typeof attemptLimiter>
