import type { NextAuthOptions } from 'next-auth'
import type { Context } from '../kernel/context.ts'
import type { Db } from '../kernel/db.ts'
import { ServiceError } from '../kernel/errors.ts'
import type { AttemptLimits } from './attempts.ts'
import { signOut } from './end-sessions.ts'
import { acceptInvitation } from './invitation.ts'
import { deviceCookie, knownDevice } from './known-device.ts'
import type { OpenedSession } from './open-session.ts'
import { cookieMaxAgeSeconds, isSecureUrl, liveSession, sessionOf } from './session.ts'
import { type SignInVisit, signIn } from './sign-in.ts'

export type SignInDoor = {
  db: Db
  secret: string
  publicUrl: string
  limits: AttemptLimits
  /** A context in which nobody is signed in yet. */
  anonymousContext: () => Context
}

export type DoorForRequest = {
  options: NextAuthOptions
  /** What the answer sets beside next-auth's own cookies, once the request was handled. */
  cookies: () => string[]
}

/**
 * Signing in and out for one request. The sealed cookie carries the id of a session in the database and nothing that is
 * believed beside it. `address`: of whoever asks, as the web server itself saw it.
 */
export async function nextAuthOptions(
  door: SignInDoor,
  request: { headers: Headers; address: string },
): Promise<DoorForRequest> {
  const { db, secret, publicUrl, limits } = door
  const secure = isSecureUrl(publicUrl)
  const { clock } = door.anonymousContext()
  const before = await liveSession({ db, clock, secret, secure }, request.headers, { passive: true })
  const visit: SignInVisit = {
    address: request.address,
    userAgent: request.headers.get('user-agent') ?? '',
    sessionId: before?.id ?? null,
    device: (email) => knownDevice(request.headers, email, { secret, secure }),
  }
  let opened: OpenedSession | null = null

  /** What `open` refuses reaches the sign-in page in its own words; what breaks is logged, and hidden. */
  const enter = async (open: (ctx: Context) => Promise<OpenedSession>) => {
    const ctx = door.anonymousContext()
    try {
      opened = await open(ctx)
      return { id: opened.userId }
    } catch (error) {
      if (error instanceof ServiceError) throw error
      ctx.log.error({ err: error, requestId: ctx.requestId }, 'sign-in failed')
      throw new Error('Signing in failed on our side. Try again in a moment.')
    }
  }

  const options: NextAuthOptions = {
    secret,
    useSecureCookies: secure,
    session: { strategy: 'jwt', maxAge: cookieMaxAgeSeconds },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [
      {
        id: 'credentials',
        name: 'E-mail and password',
        type: 'credentials',
        credentials: { email: {}, password: {} },
        authorize: (given) => {
          const { email = '', password = '' } = given ?? {}
          return enter((ctx) => signIn({ ctx, input: { email, password, visit } }, limits))
        },
      },
      {
        id: 'invitation',
        name: 'Invitation',
        type: 'credentials',
        credentials: { token: {}, password: {} },
        authorize: (given) => {
          const { token = '', password = '' } = given ?? {}
          return enter((ctx) => acceptInvitation({ ctx, input: { token, password, visit } }, limits))
        },
      },
    ],
    callbacks: {
      // next-auth would keep name and address in the cookie, and its caller could add more.
      jwt: ({ token, user }) => ({ sessionId: user ? opened?.sessionId : token.sessionId }),
      session: async ({ session: { expires }, token }) => {
        const session = await sessionOf({ db, clock }, token, { passive: true })
        return session
          ? { expires, user: { email: session.actor.email, name: session.actor.name } }
          : { expires }
      },
    },
    events: {
      signOut: async ({ token }) => {
        if (typeof token.sessionId === 'string') await signOut(door.anonymousContext(), token.sessionId)
      },
    },
  }
  return {
    options,
    cookies: () => (opened?.stage === 'full' ? [deviceCookie(opened.email, { secret, secure })] : []),
  }
}
