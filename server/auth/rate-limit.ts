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
    /**
     * Counts an attempt as failed before it is made, so that many at once are not all let through.
     * @throws RateLimitedError that says when the next attempt may be made.
     */
    begin(key: string): void {
      const now = clock.now().getTime()
      const counted = recent(key)
      const [oldest] = counted.slice(-limit.attempts)
      if (oldest !== undefined && counted.length >= limit.attempts) {
        const waitSeconds = Math.ceil((oldest - now) / 1_000 + limit.windowSeconds)
        throw new RateLimitedError(
          `Too many failed sign-ins. Try again in ${Math.ceil(waitSeconds / 60)} min.`,
        )
      }
      failures.delete(key)
      failures.set(key, [...counted, now])
      const first = failures.keys().next()
      if (failures.size > maxKeys && !first.done) failures.delete(first.value)
    },
    /** The attempt was good: takes it off the count, and leaves the failures before it. */
    undo(key: string): void {
      failures.set(key, recent(key).slice(0, -1))
    },
    /** The attempt was good, and so is whoever made it: forgets all failures. */
    forget(key: string): void {
      failures.delete(key)
    },
  }
}
export type AttemptLimiter = ReturnType<typeof attemptLimiter>
