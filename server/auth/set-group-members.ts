import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type GroupView, type SetGroupMembersInput, setGroupMembersInput } from './contract.ts'
import { lockGroup } from './lock-group.ts'
import { groupFields, groupView } from './views.ts'

/**
 * Replaces the members of a group. Rules that ask for the group's approval count who belongs to it at that moment.
 * @throws NotFoundError for a group or person that does not exist.
 */
export async function setGroupMembers({ ctx, input }: Verb<SetGroupMembersInput>): Promise<GroupView> {
  authorise(ctx, 'people.manage')
  const { groupId, userIds, reason } = parseInput(setGroupMembersInput, input, 'request')
  return transact(ctx, async (tx) => {
    const before = await lockGroup(tx, groupId)
    const known = await tx.user.findMany({ where: { id: { in: userIds } }, select: { id: true } })
    const unknown = userIds.find((userId) => !known.some(({ id }) => id === userId))
    if (unknown) throw new NotFoundError('person', unknown)
    await tx.groupMember.deleteMany({ where: { groupId, userId: { notIn: userIds } } })
    await tx.groupMember.createMany({
      data: userIds.map((userId) => ({ groupId, userId, createdAt: ctx.clock.now() })),
      skipDuplicates: true,
    })
    const after = groupView(await tx.group.findUniqueOrThrow({ where: { id: groupId }, select: groupFields }))
    await announce(tx, { topic: 'people', id: groupId })
    await append(tx, ctx, {
      stage: 'auth',
      action: 'group.members-set',
      subject: `group/${groupId}`,
      body: { name: before.name, before: addresses(before), after: addresses(after), reason },
    })
    return after
  })
}

const addresses = ({ members }: GroupView) => members.map(({ email }) => email).sort()
