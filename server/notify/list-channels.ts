import { authorise, type Context } from '../kernel/context.ts'
import { type ChannelView, topics } from './contract.ts'

/** Every channel by name, with how its notices fare. No secrets. */
export async function listChannels({ ctx }: { ctx: Context }): Promise<ChannelView[]> {
  authorise(ctx, 'notifier.read')
  const [rows, counts, failures] = await Promise.all([
    ctx.db.notifyChannel.findMany({ orderBy: { name: 'asc' }, omit: { encryptedConfig: true } }),
    ctx.db.notifyDelivery.groupBy({ by: ['channelId', 'state'], _count: true, _max: { deliveredAt: true } }),
    ctx.db.notifyDelivery.findMany({
      where: { state: { in: ['waiting', 'dead'] }, lastError: { not: null } },
      distinct: ['channelId'],
      orderBy: { createdAt: 'desc' },
      select: { channelId: true, lastError: true },
    }),
  ])
  return rows.map(({ readTo: _, createdAt, topics: asked, ...row }) => {
    const of = (state: string) => counts.find((count) => count.channelId === row.id && count.state === state)
    return {
      ...row,
      topics: topics.filter((topic) => asked.includes(topic)),
      createdAt: createdAt.toISOString(),
      waiting: of('waiting')?._count ?? 0,
      dead: of('dead')?._count ?? 0,
      lastDeliveredAt: of('delivered')?._max.deliveredAt?.toISOString() ?? null,
      lastError: failures.find(({ channelId }) => channelId === row.id)?.lastError ?? null,
    }
  })
}
