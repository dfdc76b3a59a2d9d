import type { Context } from '../kernel/context.ts'
import { type Role, roles } from '../kernel/roles.ts'
import { createUser } from './create-user.ts'
import { readablePassword } from './generated-secret.ts'
import { getSignInRules, setSignInRules } from './sign-in-rules.ts'

export type FirstSignIn = { email: string; role: Role; password: string }

/**
 * One person for each role with a random password, only on a database without any account; otherwise none. `demo`: a sandbox
 * runs; without one, admins are asked for a second factor from the first day, until an admin says otherwise.
 */
export async function bootstrapUsers({ ctx, demo }: { ctx: Context; demo: boolean }): Promise<FirstSignIn[]> {
  if ((await ctx.db.user.count()) > 0) return []
  const rules = await getSignInRules({ ctx })
  if (!demo && rules.version === 0) {
    const reason = 'The first start without a sandbox: whoever sets the bounds shows more than a password.'
    await setSignInRules({ ctx, input: { ...rules, secondFactorRoles: ['admin'], reason } })
  }
  const created: FirstSignIn[] = []
  for (const role of roles) {
    const email = `${role}@infrasage.example`
    const password = readablePassword(ctx.ids.nonce())
    await createUser({ ctx, input: { email, name: `First ${role}`, roles: [role] }, password })
    created.push({ email, role, password })
  }
  return created
}
