import { decode } from 'next-auth/jwt'
import type { Actor } from '../kernel/context.ts'
import type { Db } from '../kernel/db.ts'

/** A shift. */
export const sessionMaxAgeSeconds = 12 * 3_600

/** Browsers keep the `__Secure-` prefix to https; over http, on loopback, the plain name is used. */
export const isSecureUrl = (publicUrl: string) => publicUrl.startsWith('https:')
export const sessionCookieName = (secure: boolean) => `${secure ? '__Secure-' : ''}next-auth.session-token`

/**
 * The person whose session cookie the request carries, with the roles held now; null for none, an expired or forged
 * one, and one from before the account was last changed.
 */
export async function sessionActor(
  { db, secret, secure }: { db: Db; secret: string; secure: boolean },
  headers: Headers,
): Promise<Extract<Actor, { kind: 'user' }> | null> {
  const token = readCookie(headers, sessionCookieName(secure))
  if (!token) return null
  const claims = await decode({ token, secret }).catch(() => null)
  return claims ? tokenActor(db, claims) : null
}

/** The same, from claims whose seal was checked: `userId` and `sessionVersion`. Roles are never taken from a cookie. */
export async function tokenActor(
  db: Db,
  claims: Record<string, unknown>,
): Promise<Extract<Actor, { kind: 'user' }> | null> {
  const { userId, sessionVersion } = claims
  if (typeof userId !== 'string' || typeof sessionVersion !== 'number') return null
  const user = await db.user.findFirst({
    where: { id: userId, sessionVersion, active: true },
    select: { id: true, email: true, name: true, roles: true },
  })
  return user && { kind: 'user', userId: user.id, email: user.email, name: user.name, roles: user.roles }
}

function readCookie(headers: Headers, name: string): string | null {
  for (const pair of headers.get('cookie')?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}
