import type { Tx } from '../kernel/db.ts'
import { NotFoundError } from '../kernel/errors.ts'
import type { NotifyChannel } from '../kernel/generated/client.ts'

/** The channel, locked until the transaction ends. @throws NotFoundError */
export async function lockedChannel(tx: Tx, id: string): Promise<NotifyChannel> {
  await tx.$queryRaw`SELECT 1 FROM "NotifyChannel" WHERE "id" = ${id}::uuid FOR UPDATE`
  const channel = await tx.notifyChannel.findUnique({ where: { id } })
  if (channel === null) throw new NotFoundError('channel', id)
  return channel
}
