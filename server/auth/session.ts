import type { Clock } from '../kernel/clock.ts'
import type { Actor } from '../kernel/context.ts'
import type { Db } from '../kernel/db.ts'
import type { SessionStage, SignInMethod } from '../kernel/generated/client.ts'
import { openCookie } from './cookie-seal.ts'
import { sessionCookieName } from './cookies.ts'
import { readCookie } from './read-cookie.ts'

/** No session lasts longer, whatever the rules say; the cookie's own end. */
export const cookieMaxAgeSeconds = 24 * 3_600
const seenIsNotedEveryMs = 30_000

export const isSecureUrl = (publicUrl: string) => publicUrl.startsWith('https:')

type Person = Extract<Actor, { kind: 'user' }>
export type LiveSession = { id: string; stage: SessionStage; method: SignInMethod; actor: Person }
export type SessionHost = { db: Db; clock: Clock; secret: string; secure: boolean }

/**
 * The session whose cookie the request carries, with the roles its person holds now; null for none, a forged one, and one
 * that was ended, idle for too long or is over. `passive`: a request that no hand has made keeps no session alive.
 */
export async function liveSession(
  { db, clock, secret, secure }: SessionHost,
  headers: Headers,
  { passive }: { passive: boolean },
): Promise<LiveSession | null> {
  const token = readCookie(headers, sessionCookieName(secure))
  if (!token) return null
  const claims = await openCookie({ token, secret }).catch(() => null)
  return claims ? sessionOf({ db, clock }, claims, { passive }) : null
}

/** The same, from claims whose seal was checked: `sessionId`. Nothing else of a cookie is believed. */
export async function sessionOf(
  { db, clock }: Pick<SessionHost, 'db' | 'clock'>,
  { sessionId }: Record<string, unknown>,
  { passive }: { passive: boolean },
): Promise<LiveSession | null> {
  if (typeof sessionId !== 'string') return null
  const now = clock.now()
  const found = await db.session.findFirst({
    where: { id: sessionId, endedAt: null, expiresAt: { gt: now }, user: { active: true } },
    select: {
      stage: true,
      method: true,
      lastSeenAt: true,
      idleSeconds: true,
      user: { select: { id: true, email: true, name: true, roles: true } },
    },
  })
  const unseenMs = found ? now.getTime() - found.lastSeenAt.getTime() : 0
  if (!found || unseenMs >= found.idleSeconds * 1_000) return null
  if (!passive && unseenMs >= seenIsNotedEveryMs) {
    await db.session.updateMany({
      where: { id: sessionId, endedAt: null, lastSeenAt: { lt: now } },
      data: { lastSeenAt: now },
    })
  }
  const { user, stage, method } = found
  const actor = {
    kind: 'user',
    userId: user.id,
    email: user.email,
    name: user.name,
    roles: user.roles,
  } as const
  return { id: sessionId, stage, method, actor }
}
