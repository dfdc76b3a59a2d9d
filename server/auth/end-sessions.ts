import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Db, Tx } from '../kernel/db.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import {
  type EndOwnSessionInput,
  type EndSessionsInput,
  endOwnSessionInput,
  endSessionsInput,
} from './contract.ts'
import { requirePerson } from './require-person.ts'

/** Ends what is open of a person's sessions, unfinished ones too; each is out at its next request. @returns how many */
export async function closeSessions(
  tx: Tx,
  ctx: Context,
  where: { userId: string; id?: string | { not: string } },
): Promise<number> {
  const at = ctx.clock.now()
  const { count } = await tx.session.updateMany({ where: { ...where, endedAt: null }, data: { endedAt: at } })
  return count
}

/** Signing out: the session that the cookie names is over on the server, and not only forgotten by the browser. */
export async function signOut(ctx: Context & { db: Db }, sessionId: string): Promise<void> {
  await transact(ctx, async (tx) => {
    const session = await tx.session.findFirst({
      where: { id: sessionId, endedAt: null },
      select: { stage: true, user: { select: { id: true, email: true, name: true, roles: true } } },
    })
    if (!session) return
    const { id: userId, email, name, roles } = session.user
    if ((await closeSessions(tx, ctx, { userId, id: sessionId })) === 0 || session.stage !== 'full') return
    await announce(tx, { topic: 'people', id: userId })
    await append(
      tx,
      { ...ctx, actor: { kind: 'user', userId, email, name, roles } },
      { stage: 'auth', action: 'user.signed-out', subject: `user/${userId}`, body: {} },
    )
  })
}

/** Ends one session of one's own, or all but this one. @throws NotFoundError for one that is not open. */
export async function endOwnSession({ ctx, input }: Verb<EndOwnSessionInput>): Promise<{ ended: number }> {
  const { userId } = requirePerson(ctx)
  const { sessionId } = parseInput(endOwnSessionInput, input, 'request')
  const which = sessionId ?? { not: ctx.sessionId ?? '' }
  return endSome(ctx, userId, sessionId ?? null, which, null)
}

/** Ends one session of a person, or all of them. @throws NotFoundError for one that is not open. */
export async function endSessions({ ctx, input }: Verb<EndSessionsInput>): Promise<{ ended: number }> {
  authorise(ctx, 'people.manage')
  const { userId, sessionId, reason } = parseInput(endSessionsInput, input, 'request')
  return endSome(ctx, userId, sessionId ?? null, sessionId, reason)
}

async function endSome(
  ctx: Context,
  userId: string,
  sessionId: string | null,
  which: string | { not: string } | undefined,
  reason: string | null,
): Promise<{ ended: number }> {
  return transact(ctx, async (tx) => {
    const ended = await closeSessions(tx, ctx, { userId, id: which })
    if (sessionId && ended === 0) throw new NotFoundError('open session', sessionId)
    if (ended === 0) return { ended }
    await announce(tx, { topic: 'people', id: userId })
    await append(tx, ctx, {
      stage: 'auth',
      action: 'user.sessions-ended',
      subject: `user/${userId}`,
      body: { ended, reason },
    })
    return { ended }
  })
}
