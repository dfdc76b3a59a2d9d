import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { actorUserId, authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Db, Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type SetSignInRulesInput, type SignInRulesView, setSignInRulesInput } from './contract.ts'

/** Until an admin says otherwise: NIST SP 800-63B-4 asks for at most an hour of inactivity and a day in all at AAL2. */
const first: SignInRulesView = {
  version: 0,
  secondFactorRoles: [],
  sessionIdleMinutes: 60,
  sessionMaxHours: 12,
}

/** What signing in takes now. */
export async function rulesInForce(db: Db | Tx): Promise<SignInRulesView> {
  const rules = await db.signInRules.findFirst({
    orderBy: { version: 'desc' },
    select: { version: true, secondFactorRoles: true, sessionIdleMinutes: true, sessionMaxHours: true },
  })
  return rules ?? first
}

/** What signing in takes now, for whoever may see the people. */
export async function getSignInRules({ ctx }: { ctx: Context }): Promise<SignInRulesView> {
  authorise(ctx, 'people.read')
  return rulesInForce(ctx.db)
}

/**
 * Publishes what signing in takes from now on; open sessions keep the limits they began with.
 * @throws ConflictError when somebody published since `version`
 */
export async function setSignInRules({ ctx, input }: Verb<SetSignInRulesInput>): Promise<SignInRulesView> {
  authorise(ctx, 'people.manage')
  const { version, reason, ...rules } = parseInput(setSignInRulesInput, input, 'request')
  return transact(ctx, async (tx) => {
    const before = await rulesInForce(tx)
    const after = { ...rules, version: version + 1 }
    const { count } = await tx.signInRules.createMany({
      data: [{ ...after, reason, authorId: actorUserId(ctx.actor), createdAt: ctx.clock.now() }],
      skipDuplicates: true,
    })
    if (before.version !== version || count === 0) {
      throw new ConflictError('Somebody else has changed the rules of sign-in meanwhile. Look again.')
    }
    await announce(tx, { topic: 'people' })
    await append(tx, ctx, {
      stage: 'auth',
      action: 'sign-in-rules.set',
      subject: 'sign-in-rules',
      body: { before, after, reason },
    })
    return after
  })
}
