import type { NextAuthOptions } from 'next-auth'
import { nextAuthOptions } from '../auth/index.ts'
import { anonymousContext } from './create-request-context.ts'
import { webHost } from './host.ts'

/** The settings of next-auth in this process. */
export async function signInOptions(): Promise<NextAuthOptions> {
  const host = await webHost()
  // next-auth takes its own address from nowhere else.
  process.env.NEXTAUTH_URL ??= host.publicUrl
  return nextAuthOptions({
    db: host.db,
    secret: host.env.NEXTAUTH_SECRET,
    publicUrl: host.publicUrl,
    limits: host.signInLimits,
    anonymousContext: () => anonymousContext(host),
  })
}
