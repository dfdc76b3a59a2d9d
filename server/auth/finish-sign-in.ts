import type { Verb } from '../kernel/context.ts'
import { UnauthenticatedError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { codeInput } from './contract.ts'
import { type OpenedSession, openSession } from './open-session.ts'
import { confirmSecondFactor, countingCode, takeCode } from './second-factor.ts'
import type { LiveSession } from './session.ts'
import type { SignInVisit } from './sign-in.ts'

/**
 * The second step of signing in: a code turns a session that was begun into a new one that is full. Where the second factor
 * was just being set up, the code is its first and confirms it.
 * @throws UnauthenticatedError when no sign-in was begun, InvalidInputError for a wrong code, RateLimitedError after too many
 */
export async function finishSignIn({
  ctx,
  input: { begun, visit: from, code: given },
}: Verb<{ begun: LiveSession | null; visit: SignInVisit; code: string }>): Promise<OpenedSession> {
  if (begun?.stage !== 'second_factor' && begun?.stage !== 'enrolment')
    throw new UnauthenticatedError('Signing in has taken too long. Begin again with your password.')
  const { actor, stage, id: sessionId, method } = begun
  const visit = { ...from, sessionId }
  const person = { ...actor, id: actor.userId }
  const asPerson = { ...ctx, actor, sessionId }
  const full = { method, stage: 'full', strong: true } as const
  if (stage === 'enrolment') {
    await confirmSecondFactor({ ctx: asPerson, input: { code: given } })
    return transact(asPerson, (tx) => openSession(tx, ctx, person, full, visit))
  }
  const { code } = parseInput(codeInput, { code: given }, 'request')
  const counted = { address: visit.address, device: visit.device(actor.email) }
  return countingCode(
    ctx,
    actor.userId,
    () =>
      transact(asPerson, async (tx) => {
        await takeCode(tx, asPerson, actor.userId, code)
        return openSession(tx, ctx, person, full, visit)
      }),
    counted,
  )
}
