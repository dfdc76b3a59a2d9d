import type { Clock } from '../kernel/clock.ts'
import type { Actor } from '../kernel/context.ts'
import { RateLimitedError } from '../kernel/errors.ts'

/** Calls that a person, and an API key, may make in a minute. */
export type RequestLimits = { personPerMinute: number; keyPerMinute: number }

/** Counts calls. @throws RateLimitedError that says when to come back; nothing is counted then */
export type CountRequests = (actor: Actor, calls: number) => void

/** More callers than this at once are not remembered apart: who has been quiet longest is forgotten, as if full. */
const mostBuckets = 20_000

/**
 * Token buckets, one for each person and key, in this process: a minute's worth at once, then as fast as it refills. Not in
 * the database, which is what they spare; each web process beside this one lets as much pass again.
 */
export function countingRequests(
  { personPerMinute, keyPerMinute }: RequestLimits,
  clock: Clock,
): CountRequests {
  const buckets = new Map<string, { left: number; at: number }>()
  return (actor, calls) => {
    if (actor.kind !== 'user' && actor.kind !== 'api_key') return
    const byKey = actor.kind === 'api_key'
    const id = byKey ? `key/${actor.keyId}` : `person/${actor.userId}`
    const perMinute = byKey ? keyPerMinute : personPerMinute
    const perMs = perMinute / 60_000
    const now = clock.now().getTime()
    const before = buckets.get(id) ?? { left: perMinute, at: now }
    const left = Math.min(perMinute, before.left + Math.max(0, now - before.at) * perMs)
    // A batch that is larger than the bucket passes when the bucket is full.
    const cost = Math.min(calls, perMinute)
    buckets.delete(id)
    buckets.set(id, { left: left < cost ? left : left - cost, at: now })
    const [oldest] = buckets.size > mostBuckets ? buckets.keys() : []
    if (oldest !== undefined) buckets.delete(oldest)
    if (left >= cost) return
    const waitSeconds = Math.ceil((cost - left) / perMs / 1_000)
    const who = byKey ? `the API key "${actor.keyName}"` : 'you'
    throw new RateLimitedError(
      `These are too many requests: ${who} may make ${perMinute} a minute. Go on in ${waitSeconds} s.`,
      waitSeconds,
    )
  }
}

/** How many calls a request is: a batch of tRPC names each in its address, by commas. */
export function callsOf(request: Request): number {
  const { pathname } = new URL(request.url)
  return pathname.startsWith('/api/trpc/') ? pathname.split(',').length : 1
}
