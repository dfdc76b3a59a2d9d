import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'

/**
 * Makes a person's groups what the provider says; what an admin gave stays. A name that no group here has is passed over,
 * and noted for whoever runs the product.
 */
export async function setProviderGroups(
  tx: Tx,
  ctx: Context,
  { id: userId, email }: { id: string; email: string },
  names: readonly string[],
): Promise<void> {
  const groups = await tx.group.findMany({
    where: { name: { in: [...names] } },
    select: { id: true, name: true },
  })
  const unknown = names.filter((name) => !groups.some((group) => group.name === name))
  if (unknown.length) ctx.log.warn({ unknown }, 'the mapping names groups that do not exist')
  const wanted = groups.map(({ id }) => id)
  const gone = await tx.groupMember.deleteMany({
    where: { userId, fromProvider: true, groupId: { notIn: wanted } },
  })
  const come = await tx.groupMember.createMany({
    data: wanted.map((groupId) => ({ groupId, userId, fromProvider: true, createdAt: ctx.clock.now() })),
    skipDuplicates: true,
  })
  if (gone.count === 0 && come.count === 0) return
  await announce(tx, { topic: 'people', id: userId })
  await append(tx, ctx, {
    stage: 'auth',
    action: 'user.groups-set',
    subject: `user/${userId}`,
    body: { email, fromProvider: groups.map(({ name }) => name).sort() },
  })
}
