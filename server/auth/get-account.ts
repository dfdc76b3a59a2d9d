import type { Context } from '../kernel/context.ts'
import type { AccountView } from './contract.ts'
import { requirePerson } from './require-person.ts'
import { rulesInForce } from './sign-in-rules.ts'
import { apiKeyFields, apiKeyView } from './views.ts'

/** How one signs in, and which keys act for oneself. */
export async function getAccount({ ctx }: { ctx: Context }): Promise<AccountView> {
  const { userId, roles } = requirePerson(ctx)
  const [user, rules] = await Promise.all([
    ctx.db.user.findUniqueOrThrow({
      where: { id: userId },
      select: {
        passwordHash: true,
        firstPasswordUntil: true,
        secondFactor: { select: { confirmedAt: true } },
        _count: { select: { identities: true, recoveryCodes: { where: { usedAt: null } } } },
        apiKeys: { select: apiKeyFields, orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] },
      },
    }),
    rulesInForce(ctx.db),
  ])
  const since = user.secondFactor?.confirmedAt
  return {
    hasPassword: user.passwordHash !== null,
    firstPassword: user.passwordHash !== null && user.firstPasswordUntil !== null,
    secondFactor: since ? { since: since.toISOString(), recoveryCodesLeft: user._count.recoveryCodes } : null,
    secondFactorRequired: roles.some((role) => rules.secondFactorRoles.includes(role)),
    fromProvider: user._count.identities > 0,
    keys: user.apiKeys.map((key) => apiKeyView(key, ctx.clock.now())),
  }
}
