import { signIn } from 'next-auth/react'
import type { z } from 'zod'
import { begunSignIn } from '../../server/auth/contract.ts'

export type SignInStage = z.infer<typeof begunSignIn>['stage']

const unreachable = 'The server could not be reached. Check the connection and try again.'

/** Hands something to the server that opens a session. @returns why it did not, or null */
export async function enter(
  provider: 'credentials' | 'invitation' | 'new-password' | 'second-factor',
  given: Record<string, FormDataEntryValue | null>,
): Promise<string | null> {
  const answer = await signIn(provider, { redirect: false, ...given }).catch(() => undefined)
  return answer?.ok ? null : (answer?.error ?? unreachable)
}

/** How far this browser's sign-in has come; null when none was begun. */
export async function signInStage(): Promise<SignInStage | null> {
  const answer = await fetch('/api/auth/session', { cache: 'no-store' }).catch(() => null)
  const session: unknown = await answer?.json().catch(() => null)
  return begunSignIn.safeParse(session).data?.stage ?? null
}
