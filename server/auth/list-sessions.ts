import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { browserName } from './browser-name.ts'
import { type ListSessionsInput, listSessionsInput, type SessionRow } from './contract.ts'
import { requirePerson } from './require-person.ts'

/** One's own open sessions, the one that asks marked. */
export async function listOwnSessions({ ctx }: { ctx: Context }): Promise<SessionRow[]> {
  return openSessions(ctx, requirePerson(ctx).userId)
}

/** The open sessions of a person. */
export async function listSessions({ ctx, input }: Verb<ListSessionsInput>): Promise<SessionRow[]> {
  authorise(ctx, 'people.manage')
  return openSessions(ctx, parseInput(listSessionsInput, input, 'request').userId)
}

async function openSessions(ctx: Context, userId: string): Promise<SessionRow[]> {
  const now = ctx.clock.now()
  const sessions = await ctx.db.session.findMany({
    where: { userId, stage: 'full', endedAt: null, expiresAt: { gt: now } },
    orderBy: [{ lastSeenAt: 'desc' }, { id: 'asc' }],
  })
  return sessions
    .filter(({ lastSeenAt, idleSeconds }) => now.getTime() - lastSeenAt.getTime() < idleSeconds * 1_000)
    .map((session) => ({
      id: session.id,
      browser: browserName(session.userAgent),
      address: session.address,
      method: session.method,
      strong: session.strong,
      current: session.id === ctx.sessionId,
      createdAt: session.createdAt.toISOString(),
      lastSeenAt: session.lastSeenAt.toISOString(),
      expiresAt: session.expiresAt.toISOString(),
    }))
}
