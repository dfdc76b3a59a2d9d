import type { AuditEntryView } from '../audit/contract.ts'
import { entriesAfter, logSize } from '../audit/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { transact } from '../kernel/transact.ts'
import { type Notice, topics } from './contract.ts'
import { namesOf } from './names.ts'
import { noticeOf, unreadable } from './notice.ts'
import type { Names } from './telling-rules.ts'

/** Entries of the log that one turn looks at for a channel. */
const batch = 500

/**
 * Makes what is to be told of the entries that came to the log since the last turn: for each active channel, once for each
 * entry that it asks for. As the log is written with what happened, nothing is told that did not, and nothing is missed.
 * Returns how many notices were made.
 */
export async function gather(ctx: Context): Promise<number> {
  const behind = await ctx.db.notifyChannel.findMany({
    where: { active: true, readTo: { lt: BigInt(await logSize(ctx.db)) } },
    select: { id: true },
    orderBy: { readTo: 'asc' },
  })
  let made = 0
  for (const { id } of behind) made += await transact(ctx, (tx) => gatherFor(ctx, tx, id))
  return made
}

async function gatherFor(ctx: Context, tx: Tx, channelId: string): Promise<number> {
  // Locked, so that two workers do not read the same entries for it.
  const [channel] = await tx.$queryRaw<{ readTo: bigint; topics: string[] }[]>`
    SELECT "readTo", "topics" FROM "NotifyChannel" WHERE "id" = ${channelId}::uuid AND "active"
    FOR UPDATE SKIP LOCKED`
  if (channel === undefined) return 0
  const entries = await entriesAfter(tx, Number(channel.readTo), batch)
  const last = entries.at(-1)
  if (last === undefined) return 0
  const names = await namesOf(tx, entries)
  const asked = topics.filter((topic) => channel.topics.includes(topic))
  const notices = entries
    .map((entry) => readable(ctx, entry, names))
    .filter((notice): notice is Notice => notice !== null && asked.some((topic) => topic === notice.topic))
  const now = ctx.clock.now()
  await tx.notifyDelivery.createMany({
    data: notices.map((notice) => ({
      ...{ id: ctx.ids.uuid(), channelId, seq: BigInt(notice.seq), notice },
      ...{ dueAt: now, createdAt: now },
    })),
  })
  await tx.notifyChannel.update({ where: { id: channelId }, data: { readTo: BigInt(last.seq) } })
  return notices.length
}

/** What cannot be read is told by its number alone: one odd entry must not keep the rest from being told. */
function readable(ctx: Context, entry: AuditEntryView, names: Names): Notice | null {
  try {
    return noticeOf(entry, names)
  } catch (error) {
    ctx.log.error({ seq: entry.seq, error }, 'an entry of the log cannot be told')
    return unreadable(entry)
  }
}
