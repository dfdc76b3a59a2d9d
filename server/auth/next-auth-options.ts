import type { NextAuthOptions } from 'next-auth'
import type { Context } from '../kernel/context.ts'
import type { Db } from '../kernel/db.ts'
import { ServiceError } from '../kernel/errors.ts'
import { isSecureUrl, sessionMaxAgeSeconds, tokenActor } from './session.ts'
import { type SignInLimits, signIn } from './sign-in.ts'

export type NextAuthSetup = {
  db: Db
  secret: string
  publicUrl: string
  limits: SignInLimits
  /** A context in which nobody is signed in yet. */
  anonymousContext: () => Context
}

/** E-mail and password, sessions in an encrypted cookie; the message of a refusal reaches the sign-in page. */
export function nextAuthOptions(setup: NextAuthSetup): NextAuthOptions {
  return {
    secret: setup.secret,
    useSecureCookies: isSecureUrl(setup.publicUrl),
    session: { strategy: 'jwt', maxAge: sessionMaxAgeSeconds },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [
      {
        id: 'credentials',
        name: 'E-mail and password',
        type: 'credentials',
        credentials: { email: {}, password: {} },
        authorize: async (credentials, request) => {
          const { email = '', password = '' } = credentials ?? {}
          const address = clientAddress(request.headers ?? {})
          const ctx = setup.anonymousContext()
          try {
            const user = await signIn({ ctx, input: { email, password, address } }, setup.limits)
            return {
              id: user.userId,
              email: user.email,
              name: user.name,
              sessionVersion: user.sessionVersion,
            }
          } catch (error) {
            if (error instanceof ServiceError) throw error
            ctx.log.error({ err: error, requestId: ctx.requestId }, 'sign-in failed')
            throw new Error('Signing in failed on our side. Try again in a moment.')
          }
        },
      },
    ],
    callbacks: {
      jwt: ({ token, user }) =>
        user && 'sessionVersion' in user
          ? { ...token, userId: user.id, sessionVersion: user.sessionVersion }
          : token,
      session: async ({ session, token }) => {
        const actor = await tokenActor(setup.db, token)
        return actor
          ? { expires: session.expires, user: { email: actor.email, name: actor.name } }
          : { expires: session.expires }
      },
    },
  }
}

/** First hop as the web server noted it; only used to count attempts, beside the account's own count. */
function clientAddress(headers: Record<string, unknown>): string {
  return (
    String(headers['x-forwarded-for'] ?? '')
      .split(',')[0]
      ?.trim() || 'unknown'
  )
}
