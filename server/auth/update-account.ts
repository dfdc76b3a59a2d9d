import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import { transact } from '../kernel/transact.ts'
import type { UserView } from './contract.ts'
import { closeSessions } from './end-sessions.ts'
import { userFields, userView } from './views.ts'

type Account = Pick<UserView, 'id' | 'email' | 'roles' | 'active'>
type EntryOf = (before: Account) => { action: string; body: Record<string, string | boolean | string[]> }
type Change = Partial<Pick<UserView, 'roles' | 'active'>> & {
  passwordHash?: string | null
  firstPasswordUntil?: null
}

/**
 * Changes one account and ends its sessions, so that each is out at its next request. `entry` gives the audit entry from the
 * account as it was; `also` does what belongs to it in the same transaction.
 * @throws NotFoundError, or ConflictError when no active admin would be left.
 */
export async function updateAccount(
  ctx: Context,
  userId: string,
  change: Change,
  entry: EntryOf,
  also?: (tx: Tx) => Promise<void>,
): Promise<UserView> {
  return transact(ctx, (tx) => changeAccount(tx, ctx, userId, change, entry, also))
}

/** The same, in the caller's transaction. */
export async function changeAccount(
  tx: Tx,
  ctx: Context,
  userId: string,
  change: Change,
  entry: EntryOf,
  also?: (tx: Tx) => Promise<void>,
): Promise<UserView> {
  const before = await lockAccount(tx, userId)
  const after = { ...before, ...change }
  if (isActiveAdmin(before) && !isActiveAdmin(after)) await requireAnotherAdmin(tx, userId)
  await closeSessions(tx, ctx, { userId })
  await also?.(tx)
  const user = await tx.user.update({ where: { id: userId }, data: change, select: userFields })
  await announce(tx, { topic: 'people', id: userId })
  await append(tx, ctx, { stage: 'auth', subject: `user/${userId}`, ...entry(before) })
  return userView(user)
}

const isActiveAdmin = (account: Account) => account.active && account.roles.includes('admin')

/** The admins are locked in one order, so that two of them cannot demote each other at once. */
async function lockAccount(tx: Tx, userId: string): Promise<Account> {
  await tx.$queryRaw`
    SELECT "id" FROM "User" WHERE "id" = ${userId}::uuid OR 'admin' = ANY("roles") ORDER BY "id" FOR UPDATE`
  const account = await tx.user.findUnique({ where: { id: userId }, select: userFields })
  if (!account) throw new NotFoundError('person', userId)
  return account
}

async function requireAnotherAdmin(tx: Tx, userId: string): Promise<void> {
  const others = await tx.user.count({
    where: { id: { not: userId }, active: true, roles: { has: 'admin' } },
  })
  if (others === 0) {
    throw new ConflictError('This is the last active admin. Give another person the role admin first.')
  }
}
