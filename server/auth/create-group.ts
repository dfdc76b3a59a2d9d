import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type CreateGroupInput, createGroupInput, type GroupView } from './contract.ts'
import { groupFields, groupView } from './views.ts'

/** Adds a group without members. @throws ConflictError when the name is taken. */
export async function createGroup({ ctx, input }: Verb<CreateGroupInput>): Promise<GroupView> {
  authorise(ctx, 'people.manage')
  const { name, title } = parseInput(createGroupInput, input, 'group')
  return transact(ctx, async (tx) => {
    const id = ctx.ids.uuid()
    const { count } = await tx.group.createMany({
      data: [{ id, name, title, createdAt: ctx.clock.now() }],
      skipDuplicates: true,
    })
    if (count === 0) throw new ConflictError(`There is already a group "${name}".`)
    const group = await tx.group.findUniqueOrThrow({ where: { id }, select: groupFields })
    await announce(tx, { topic: 'people', id })
    await append(tx, ctx, {
      stage: 'auth',
      action: 'group.created',
      subject: `group/${id}`,
      body: { name, title },
    })
    return groupView(group)
  })
}
