import { authorise, type Context } from '../../kernel/context.ts'

/** Forecasts that no proposal stands on are kept this long. */
const keepMs = 30 * 24 * 3_600_000

/** Deletes old forecasts that no proposal refers to; returns how many. */
export async function dropOldForecasts({ ctx }: { ctx: Context }): Promise<number> {
  authorise(ctx, 'forecast.run')
  const before = new Date(ctx.clock.now().getTime() - keepMs)
  const { count } = await ctx.db.forecast.deleteMany({
    where: { issuedAt: { lt: before }, proposals: { none: {} } },
  })
  return count
}
