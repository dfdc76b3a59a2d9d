import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type CreateUserInput, createUserInput, type InvitedUser } from './contract.ts'
import { makeInvitation, validUntil } from './invitation.ts'
import { hashPassword } from './password.ts'
import { userFields, userView } from './views.ts'

/**
 * Adds a person, who chooses a password by a link that works once. `password`: one that a generator made, where there is no
 * browser to open a link in; it is to be changed at the first sign-in, within the hours that an invitation has.
 * @throws ConflictError when the e-mail address is taken.
 */
export async function createUser({
  ctx,
  input,
  password,
}: Verb<CreateUserInput> & { password?: string }): Promise<InvitedUser> {
  authorise(ctx, 'people.manage')
  const { email, name, roles } = parseInput(createUserInput, input, 'person')
  const passwordHash = password === undefined ? null : await hashPassword(password)
  const firstPasswordUntil = passwordHash === null ? null : validUntil(ctx.clock.now())
  return transact(ctx, async (tx) => {
    const id = ctx.ids.uuid()
    const { count } = await tx.user.createMany({
      data: [{ id, email, name, roles, passwordHash, firstPasswordUntil, createdAt: ctx.clock.now() }],
      skipDuplicates: true,
    })
    if (count === 0) throw new ConflictError(`There is already an account for ${email}.`)
    const user = await tx.user.findUniqueOrThrow({ where: { id }, select: userFields })
    const invitation = passwordHash === null ? await makeInvitation(tx, ctx, id) : null
    await announce(tx, { topic: 'people', id })
    await append(tx, ctx, {
      stage: 'auth',
      action: 'user.created',
      subject: `user/${id}`,
      body: { email, name, roles },
    })
    return { user: userView(user), invitation }
  })
}
