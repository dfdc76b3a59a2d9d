import { type Db, Prisma, type Tx } from './db.ts'
import { type Reading, read, reading } from './reading.ts'

/**
 * Names of the groups that each of these people belongs to now, in order; nobody of a group has an empty list. Read it
 * in the transaction that relies on it: membership changes at any time.
 */
export function memberships(userIds: readonly string[]): Reading<ReadonlyMap<string, string[]>> {
  const query = Prisma.sql`
    SELECT json_object_agg(u."id", ARRAY(
      SELECT g."name" FROM "GroupMember" m JOIN "Group" g ON g."id" = m."groupId"
      WHERE m."userId" = u."id" ORDER BY g."name"))
    FROM unnest(${[...userIds]}::uuid[]) AS u("id")`
  return reading(query, (names: Record<string, string[]> | null) => new Map(Object.entries(names ?? {})))
}

export async function groupsOf(
  db: Db | Tx,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  return read(db, memberships(userIds))
}
