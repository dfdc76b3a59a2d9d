import type { Context } from '../kernel/context.ts'
import { OutboundError } from '../kernel/outbound.ts'
import { openChannelConfig } from './channel-config.ts'
import { noticeSchema } from './contract.ts'
import { NotTakenError, type Surroundings } from './notifier.ts'
import { notifiers } from './notifiers/index.ts'
import { mostAttempts, retrySeconds } from './retry.ts'

/** Notices sent at a time by one worker. */
const atOnce = 10
/** A notice whose sender died is taken over after this; longer than any notifier waits. */
const leaseMs = 120_000

export type Reach = Omit<Surroundings, 'now'>

/**
 * Sends what is due, each notice at least once: it is claimed for a while, sent, and then said to be delivered; a worker
 * that dies in between leaves it to be sent again with the same id. Returns how many were taken by the other side.
 */
export async function deliverDue(ctx: Context, reach: Reach): Promise<number> {
  const claimed = await claim(ctx)
  const taken = await Promise.all(claimed.map(({ id }) => deliverOne(ctx, reach, id)))
  return taken.filter(Boolean).length
}

/** The channels take turns, so that one with hundreds waiting, whose other side is away, does not hold up the others. */
async function claim(ctx: Context): Promise<{ id: string }[]> {
  const now = ctx.clock.now()
  const until = new Date(now.getTime() + leaseMs)
  return ctx.db.$queryRaw<{ id: string }[]>`
    UPDATE "NotifyDelivery" SET "dueAt" = ${until}, "attempts" = "attempts" + 1
    WHERE "id" IN (
      SELECT d."id" FROM "NotifyDelivery" d JOIN (
        SELECT w."id", row_number() OVER (PARTITION BY w."channelId" ORDER BY w."dueAt") AS place
        FROM "NotifyDelivery" w JOIN "NotifyChannel" c ON c."id" = w."channelId"
        WHERE w."state" = 'waiting' AND w."dueAt" <= ${now} AND c."active") turn ON turn."id" = d."id"
      WHERE d."state" = 'waiting' AND d."dueAt" <= ${now}
      ORDER BY turn.place, d."dueAt" LIMIT ${atOnce} FOR UPDATE OF d SKIP LOCKED)
    RETURNING "id"`
}

async function deliverOne(ctx: Context, reach: Reach, id: string): Promise<boolean> {
  const delivery = await ctx.db.notifyDelivery.findUniqueOrThrow({
    where: { id },
    include: { channel: true },
  })
  const { channel, attempts } = delivery
  const mine = { id, state: 'waiting' as const, attempts }
  try {
    // One that this version cannot read is tried again and given up as any other, and not claimed for ever.
    const notice = noticeSchema.parse(delivery.notice)
    const surroundings = { ...reach, now: ctx.clock.now() }
    await notifiers[channel.kind].deliver(notice, openChannelConfig(channel), surroundings)
  } catch (error) {
    const { message, final, retryAfterSeconds } = failureOf(error)
    if (message === null) ctx.log.error({ deliveryId: id, error }, 'a notice cannot be sent')
    const dead = final || attempts >= mostAttempts
    const waitSeconds = Math.max(retrySeconds(id, attempts), retryAfterSeconds ?? 0)
    await ctx.db.notifyDelivery.updateMany({
      where: mine,
      data: {
        state: dead ? 'dead' : 'waiting',
        lastError: message ?? 'it could not be sent; the log of the worker says why',
        dueAt: new Date(ctx.clock.now().getTime() + waitSeconds * 1000),
      },
    })
    return false
  }
  const { count } = await ctx.db.notifyDelivery.updateMany({
    where: mine,
    data: { state: 'delivered', deliveredAt: ctx.clock.now(), lastError: null },
  })
  return count === 1
}

/** What went wrong; `message` null for a fault of our own, which is not shown. */
export function failureOf(error: unknown): {
  message: string | null
  final: boolean
  retryAfterSeconds: number | null
} {
  if (error instanceof NotTakenError) {
    return { message: error.message, final: error.final, retryAfterSeconds: error.retryAfterSeconds }
  }
  if (error instanceof OutboundError) return { message: error.message, final: false, retryAfterSeconds: null }
  return { message: null, final: false, retryAfterSeconds: null }
}
