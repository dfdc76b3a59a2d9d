import type { Context } from '../kernel/context.ts'
import { type Role, roles } from '../kernel/roles.ts'
import { createUser } from './create-user.ts'
import { readablePassword } from './generated-secret.ts'

export type FirstSignIn = { email: string; role: Role; password: string }

/** One person for each role with a random password, only on a database without any account; otherwise none. */
export async function bootstrapUsers({ ctx }: { ctx: Context }): Promise<FirstSignIn[]> {
  if ((await ctx.db.user.count()) > 0) return []
  const created: FirstSignIn[] = []
  for (const role of roles) {
    const email = `${role}@infrasage.example`
    const password = readablePassword(ctx.ids.nonce())
    await createUser({ ctx, input: { email, name: `First ${role}`, roles: [role] }, password })
    created.push({ email, role, password })
  }
  return created
}
