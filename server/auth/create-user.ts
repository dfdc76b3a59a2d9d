import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type CreatedUser, type CreateUserInput, createUserInput } from './contract.ts'
import { readablePassword } from './generated-secret.ts'
import { hashPassword } from './password.ts'
import { userFields, userView } from './views.ts'

/** Adds a person who can sign in. @throws ConflictError when the e-mail address is taken. */
export async function createUser({ ctx, input }: Verb<CreateUserInput>): Promise<CreatedUser> {
  authorise(ctx, 'people.manage')
  const { email, name, roles, password } = parseInput(createUserInput, input, 'person')
  const generated = readablePassword(ctx.ids.nonce())
  const passwordHash = await hashPassword(password ?? generated)
  return transact(ctx, async (tx) => {
    const id = ctx.ids.uuid()
    const { count } = await tx.user.createMany({
      data: [{ id, email, name, roles, passwordHash, createdAt: ctx.clock.now() }],
      skipDuplicates: true,
    })
    if (count === 0) throw new ConflictError(`There is already an account for ${email}.`)
    const user = await tx.user.findUniqueOrThrow({ where: { id }, select: userFields })
    await announce(tx, { topic: 'people', id })
    await append(tx, ctx, {
      stage: 'auth',
      action: 'user.created',
      subject: `user/${id}`,
      body: { email, name, roles },
    })
    return { user: userView(user), generatedPassword: password === undefined ? generated : null }
  })
}
