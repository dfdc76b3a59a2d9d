import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Context } from '../kernel/context.ts'
import { RateLimitedError } from '../kernel/errors.ts'

/** Failures that are let pass within a window, by what they have in common. */
export type AttemptLimits = {
  windowSeconds: number
  /** From one browser that has signed in to the account before: nobody else can use these up. */
  device: number
  /** For one account from one address. */
  pair: number
  /** For one account from everywhere but its known browsers. */
  account: number
  /** From one address, whatever the account: one password tried on many. */
  source: number
}

export const passwordLimits: AttemptLimits = {
  windowSeconds: 900,
  device: 10,
  pair: 8,
  account: 60,
  source: 100,
}
/** A code has a million values; whoever tries them knows the password already. */
export const codeLimits: AttemptLimits = { windowSeconds: 900, device: 5, pair: 5, account: 15, source: 50 }

/** `kind`: what is tried, "password" or "code". `device`: of the browser's cookie, once that was found true. */
export type Attempt = { kind: string; account: string; source: string; device: string | null }

type Counter = { key: string; limit: number }

/** The widest first: who is refused there leaves no trace in the others. */
function counters({ kind, account, source, device }: Attempt, limits: AttemptLimits): Counter[] {
  const counter = (limit: number, ...parts: string[]) => ({
    limit,
    key: createHash('sha256')
      .update(JSON.stringify([kind, ...parts]))
      .digest('hex'),
  })
  if (device) return [counter(limits.device, 'device', account, device)]
  const network = networkOf(source)
  return [
    counter(limits.source, 'source', network),
    counter(limits.pair, 'pair', account, network),
    counter(limits.account, 'account', account),
  ]
}

/** An address of version 6 stands for its /64, which one household or machine has to itself. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address
  const [head = '', tail = ''] = address.split('::')
  const before = head.split(':').filter(Boolean)
  const after = tail.split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].slice(0, 4).join(':')
}

type Host = Pick<Context, 'db' | 'clock'>

/**
 * Counts an attempt as failed before it is made, so that many at once are not all let through; in the database, so that
 * all web processes count together. Failures of others never keep a known browser out.
 * @throws RateLimitedError that says when the next attempt may be made
 */
export async function beginAttempt(
  { db, clock }: Host,
  attempt: Attempt,
  limits: AttemptLimits,
): Promise<void> {
  const now = clock.now()
  const windowStart = new Date(now.getTime() - limits.windowSeconds * 1_000)
  for (const { key, limit } of counters(attempt, limits)) {
    const [row] = await db.$queryRaw<{ failures: number; since: Date }[]>`
      INSERT INTO "SignInFailure" AS f ("key", "failures", "since") VALUES (${key}, 1, ${now}::timestamptz)
      ON CONFLICT ("key") DO UPDATE SET
        "failures" = CASE WHEN f."since" <= ${windowStart}::timestamptz THEN 1 ELSE LEAST(f."failures" + 1, ${limit + 1}) END,
        "since" = CASE WHEN f."since" <= ${windowStart}::timestamptz THEN ${now}::timestamptz ELSE f."since" END
      RETURNING "failures", "since"`
    if (!row || row.failures <= limit) continue
    const waitMs = row.since.getTime() - windowStart.getTime()
    throw new RateLimitedError(
      `Too many failed sign-ins. Try again in ${Math.max(1, Math.ceil(waitMs / 60_000))} min.`,
      Math.max(1, Math.ceil(waitMs / 1_000)),
    )
  }
}

/** The attempt was good: takes it off the wide counts, forgets the narrow ones, and drops what is long over. */
export async function forgetAttempt({ db, clock }: Host, attempt: Attempt, limits: AttemptLimits) {
  const keys = counters(attempt, limits).map(({ key }) => key)
  const narrow = attempt.device ? keys : keys.slice(1, 2)
  const longOver = new Date(clock.now().getTime() - 86_400_000)
  await db.signInFailure.deleteMany({ where: { OR: [{ key: { in: narrow } }, { since: { lt: longOver } }] } })
  await db.signInFailure.updateMany({
    where: { key: { in: keys }, failures: { gt: 0 } },
    data: { failures: { decrement: 1 } },
  })
}
