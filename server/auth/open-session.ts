import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import type { SessionStage, SignInMethod } from '../kernel/generated/client.ts'
import type { Role } from '../kernel/roles.ts'
import { rulesInForce } from './sign-in-rules.ts'

/** Where a sign-in comes from. `sessionId`: the session that the browser holds so far. */
export type Visit = { address: string; userAgent: string; sessionId: string | null }
export type OpenedSession = {
  sessionId: string
  stage: SessionStage
  userId: string
  email: string
  name: string
}

type Person = { id: string; email: string; name: string; roles: Role[] }
type How = { method: SignInMethod; stage: SessionStage; strong: boolean }

/** What is begun with a password is finished with a code within this time. */
const unfinishedSeconds = 10 * 60
const keptDays = 30

/**
 * Begins a session with an id that was never used, and ends the one that the browser held before (no session fixation).
 * A session that is not full yet says nothing to the log: nobody is in.
 */
export async function openSession(
  tx: Tx,
  ctx: Context,
  person: Person,
  how: How,
  { address, userAgent, sessionId: before }: Visit,
): Promise<OpenedSession> {
  const { id: userId, email, name, roles } = person
  const now = ctx.clock.now()
  const rules = await rulesInForce(tx)
  const full = how.stage === 'full'
  const lastsSeconds = full ? rules.sessionMaxHours * 3_600 : unfinishedSeconds
  const sessionId = ctx.ids.uuid()
  if (before) {
    await tx.session.updateMany({ where: { id: before, endedAt: null }, data: { endedAt: now } })
  }
  const longOver = new Date(now.getTime() - keptDays * 86_400_000)
  await tx.session.deleteMany({ where: { userId, expiresAt: { lt: longOver } } })
  await tx.session.create({
    data: {
      ...how,
      id: sessionId,
      userId,
      address: address.slice(0, 64),
      userAgent: userAgent.slice(0, 400),
      idleSeconds: full ? rules.sessionIdleMinutes * 60 : unfinishedSeconds,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: new Date(now.getTime() + lastsSeconds * 1_000),
    },
  })
  if (full) {
    await tx.user.update({ where: { id: userId }, data: { lastSignInAt: now } })
    await announce(tx, { topic: 'people', id: userId })
    await append(
      tx,
      { ...ctx, actor: { kind: 'user', userId, email, name, roles } },
      {
        stage: 'auth',
        action: 'user.signed-in',
        subject: `user/${userId}`,
        body: { method: how.method, secondFactor: how.strong },
      },
    )
  }
  return { sessionId, stage: how.stage, userId, email, name }
}
