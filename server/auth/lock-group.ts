import type { Tx } from '../kernel/db.ts'
import { NotFoundError } from '../kernel/errors.ts'
import type { GroupView } from './contract.ts'
import { groupFields, groupView } from './views.ts'

/** A group that nobody else changes until the transaction ends. @throws NotFoundError */
export async function lockGroup(tx: Tx, groupId: string): Promise<GroupView> {
  await tx.$queryRaw`SELECT "id" FROM "Group" WHERE "id" = ${groupId}::uuid FOR UPDATE`
  const group = await tx.group.findUnique({ where: { id: groupId }, select: groupFields })
  if (!group) throw new NotFoundError('group', groupId)
  return groupView(group)
}
