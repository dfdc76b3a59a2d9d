import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type GroupView, type RemoveGroupInput, removeGroupInput } from './contract.ts'
import { lockGroup } from './lock-group.ts'

/** Takes a group away, as it was. A rule that asks for its approval can be met by nobody from then on. */
export async function removeGroup({ ctx, input }: Verb<RemoveGroupInput>): Promise<GroupView> {
  authorise(ctx, 'people.manage')
  const { groupId, reason } = parseInput(removeGroupInput, input, 'request')
  return transact(ctx, async (tx) => {
    const group = await lockGroup(tx, groupId)
    await tx.group.delete({ where: { id: groupId } })
    await announce(tx, { topic: 'people', id: groupId })
    await append(tx, ctx, {
      stage: 'auth',
      action: 'group.removed',
      subject: `group/${groupId}`,
      body: { name: group.name, members: group.members.map(({ email }) => email).sort(), reason },
    })
    return group
  })
}
