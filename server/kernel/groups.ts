import type { Db, Tx } from './db.ts'

/**
 * Names of the groups that each of these people belongs to now, in order; nobody of a group has an empty list. Read it
 * in the transaction that relies on it: membership changes at any time.
 */
export async function groupsOf(
  db: Db | Tx,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const members = await db.groupMember.findMany({
    where: { userId: { in: [...userIds] } },
    select: { userId: true, group: { select: { name: true } } },
    orderBy: { group: { name: 'asc' } },
  })
  const found = new Map<string, string[]>(userIds.map((id) => [id, []]))
  for (const { userId, group } of members) found.get(userId)?.push(group.name)
  return found
}
