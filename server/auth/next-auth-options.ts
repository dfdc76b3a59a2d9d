import type { NextAuthOptions, Session } from 'next-auth'
import type { z } from 'zod'
import type { Context } from '../kernel/context.ts'
import type { Db } from '../kernel/db.ts'
import { ServiceError } from '../kernel/errors.ts'
import type { AttemptLimits } from './attempts.ts'
import { choosePassword } from './choose-password.ts'
import type { begunSignIn, RefusedByProvider } from './contract.ts'
import { openCookie } from './cookie-seal.ts'
import { nextAuthCookies } from './cookies.ts'
import { signOut } from './end-sessions.ts'
import { finishSignIn } from './finish-sign-in.ts'
import { acceptInvitation } from './invitation.ts'
import { deviceCookie, knownDevice } from './known-device.ts'
import { readClaims } from './oidc/claims.ts'
import { oidcProvider } from './oidc/next-auth-provider.ts'
import { type OidcSettings, readMapping } from './oidc/settings.ts'
import { signInWithProvider } from './oidc/sign-in-with-provider.ts'
import type { OpenedSession } from './open-session.ts'
import { cookieMaxAgeSeconds, isSecureUrl, liveSession, sessionOf } from './session.ts'
import { type SignInVisit, signIn } from './sign-in.ts'

export type SignInDoor = {
  db: Db
  secret: string
  publicUrl: string
  limits: AttemptLimits
  /** A sandbox runs: the first passwords are kept. */
  demo: boolean
  oidc: OidcSettings | null
  /** A context in which nobody is signed in yet. */
  anonymousContext: () => Context
}

/** next-auth's own, with what is still to come of a sign-in that was begun. */
type BegunSignIn = Session & z.input<typeof begunSignIn>

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
  const { db, secret, publicUrl, limits, demo, oidc } = door
  const secure = isSecureUrl(publicUrl)
  const { clock } = door.anonymousContext()
  const begun = await liveSession({ db, clock, secret, secure }, request.headers, { passive: true })
  const visit: SignInVisit = {
    address: request.address,
    userAgent: request.headers.get('user-agent') ?? '',
    sessionId: begun?.id ?? null,
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

  const enterFromProvider = async (
    settings: OidcSettings,
    claims: unknown,
  ): Promise<RefusedByProvider | null> => {
    const ctx = door.anonymousContext()
    try {
      const person = readClaims(claims, settings.groupsClaim)
      if (!person) return 'no_email'
      const { issuer, mappingFile } = settings
      const input = { issuer, person, visit, begun }
      const outcome = await signInWithProvider({ ctx, input }, readMapping(mappingFile))
      if ('opened' in outcome) {
        opened = outcome.opened
        return null
      }
      ctx.log.warn({ requestId: ctx.requestId, refused: outcome.refused }, 'sign-in by the provider refused')
      return outcome.refused
    } catch (error) {
      ctx.log.error({ err: error, requestId: ctx.requestId }, 'sign-in by the provider failed')
      return 'failed'
    }
  }

  const options: NextAuthOptions = {
    secret,
    useSecureCookies: secure,
    cookies: nextAuthCookies(secure),
    jwt: { decode: openCookie },
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
          return enter((ctx) => signIn({ ctx, input: { email, password, visit } }, { limits, demo }))
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
      {
        id: 'new-password',
        name: 'Password of one’s own',
        type: 'credentials',
        credentials: { password: {} },
        authorize: (given) => {
          const { password = '' } = given ?? {}
          return enter((ctx) => choosePassword({ ctx, input: { begun, visit, password } }))
        },
      },
      {
        id: 'second-factor',
        name: 'Second factor',
        type: 'credentials',
        credentials: { code: {} },
        authorize: (given) => {
          const { code = '' } = given ?? {}
          return enter((ctx) => finishSignIn({ ctx, input: { begun, visit, code } }))
        },
      },
      ...(oidc ? [oidcProvider(oidc)] : []),
    ],
    callbacks: {
      signIn: async ({ account, profile }) => {
        if (account?.provider !== 'oidc' || !oidc) return true
        const refused = await enterFromProvider(oidc, profile)
        return refused ? `/sign-in?refused=${refused}` : true
      },
      // next-auth would keep name and address in the cookie, and its caller could add more.
      jwt: ({ token, user }) => ({ sessionId: user ? opened?.sessionId : token.sessionId }),
      session: async ({ session: { expires }, token }) => {
        const session = await sessionOf({ db, clock }, token, { passive: true })
        if (!session) return { expires }
        const { actor, stage } = session
        return { expires, user: { email: actor.email, name: actor.name }, stage } satisfies BegunSignIn
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
