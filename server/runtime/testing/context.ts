import { randomUUID } from 'node:crypto'
import { type Clock, manualClock } from '../../kernel/clock.ts'
import type { Actor, Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { type Ids, randomIds } from '../../kernel/ids.ts'
import { createLogger } from '../../kernel/log.ts'
import type { JobName, Jobs, Queue } from '../../kernel/queue.ts'
import type { Role } from '../../kernel/roles.ts'

/** The instant at which tests begin unless they bring their own clock. */
export const testStart = new Date('2026-03-02T09:00:00.000Z')

/** A job as a verb sent it. */
export type SentJob = { name: JobName; data: Jobs[JobName]; key?: string; startAfterSeconds?: number }

/** A queue that only remembers, whether or not the transaction commits; `openQueue` is the real one. */
export function rememberingQueue(): Queue & { sent: SentJob[] } {
  const sent: SentJob[] = []
  return {
    sent,
    send: async (_tx, name, data, options = {}) => {
      sent.push({ name, data, ...options })
    },
  }
}

export type TestContextOptions = { db: Db; actor?: Actor; clock?: Clock; ids?: Ids; queue?: Queue }

/**
 * A context for calling verbs: the system itself at `testStart` with a silent log and a
 * queue that only remembers, unless told otherwise.
 */
export function testContext({ db, actor, clock, ids, queue }: TestContextOptions): Context {
  const log = createLogger('test')
  log.level = process.env.LOG_LEVEL ?? 'silent'
  return {
    db,
    actor: actor ?? { kind: 'system', component: 'test' },
    clock: clock ?? manualClock(testStart),
    ids: ids ?? randomIds,
    queue: queue ?? rememberingQueue(),
    log,
    requestId: randomUUID(),
  }
}

/** Writes a person who holds these roles and returns them as an actor. The person has no password to sign in with. */
export async function createTestPerson(db: Db, ...roles: Role[]): Promise<Extract<Actor, { kind: 'user' }>> {
  const userId = randomUUID()
  const name = `Test ${roles.join(' and ') || 'person'}`
  const email = `${roles.join('-') || 'person'}-${userId.slice(0, 8)}@test.invalid`
  await db.user.create({
    data: { id: userId, email, name, roles, passwordHash: 'none', createdAt: testStart },
  })
  return { kind: 'user', userId, email, name, roles }
}
