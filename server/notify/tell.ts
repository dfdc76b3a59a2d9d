import { authorise, type Context } from '../kernel/context.ts'
import { deliverDue, type Reach } from './deliver.ts'
import { gather } from './gather.ts'

/** Delivered notices are kept so long, to be looked at; what was given up stays until a person removes its channel. */
const keepMs = 30 * 86_400_000

/** One turn: makes notices of what is new in the log, sends what is due, and drops what was delivered long ago. */
export async function tell({
  ctx,
  input,
}: {
  ctx: Context
  input: Reach
}): Promise<{ made: number; delivered: number }> {
  authorise(ctx, 'notifier.tell')
  const made = await gather(ctx)
  const delivered = await deliverDue(ctx, input)
  const before = new Date(ctx.clock.now().getTime() - keepMs)
  await ctx.db.notifyDelivery.deleteMany({ where: { state: 'delivered', createdAt: { lt: before } } })
  return { made, delivered }
}
