import { authorise, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { type DeliveriesQuery, type DeliveryView, deliveriesQuery, noticeSchema } from './contract.ts'

/** Notices of all channels or one, newest first. `nextAfter`: give it as `after` for the page that follows; null on the last. */
export async function listDeliveries({
  ctx,
  input,
}: Verb<DeliveriesQuery>): Promise<{ rows: DeliveryView[]; nextAfter: string | null }> {
  authorise(ctx, 'notifier.read')
  const { channelId, state, after, limit } = parseInput(deliveriesQuery, input, 'query')
  const found = await ctx.db.notifyDelivery.findMany({
    where: { channelId, state },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    ...(after === undefined ? {} : { cursor: { id: after }, skip: 1 }),
    take: limit + 1,
    include: { channel: { select: { name: true } } },
  })
  const rows = found.slice(0, limit).map(({ notice, channel, ...row }): DeliveryView => {
    const { title, topic } = noticeSchema.parse(notice)
    return {
      ...{ id: row.id, channelId: row.channelId, channel: channel.name, seq: Number(row.seq), title, topic },
      ...{ state: row.state, attempts: row.attempts, lastError: row.lastError },
      createdAt: row.createdAt.toISOString(),
      deliveredAt: row.deliveredAt?.toISOString() ?? null,
      dueAt: row.state === 'waiting' ? row.dueAt.toISOString() : null,
    }
  })
  return { rows, nextAfter: found.length > limit ? (rows.at(-1)?.id ?? null) : null }
}
