import { authorise, type Context } from '../../kernel/context.ts'

/** Forecasts that no proposal stands on are kept this long. */
const keepMs = 30 * 24 * 3_600_000

/**
 * Deletes old forecasts that no proposal refers to, and then the checkpoints, with their inputs, that no kept forecast and
 * no model follows from: what is kept can be reproduced. Returns how many went.
 */
export async function dropOldForecasts({
  ctx,
}: {
  ctx: Context
}): Promise<{ forecasts: number; checkpoints: number }> {
  authorise(ctx, 'forecast.run')
  const before = new Date(ctx.clock.now().getTime() - keepMs)
  const [row] = await ctx.db.$queryRaw<{ forecasts: number; left: string[] | null }[]>`
    WITH gone AS (
      DELETE FROM "Forecast" f
      WHERE f."issuedAt" < ${before} AND NOT EXISTS (SELECT FROM "Proposal" p WHERE p."forecastId" = f."id")
      RETURNING f."checkpointId"
    )
    SELECT count(*)::int AS forecasts, array_agg(DISTINCT "checkpointId"::text) AS left FROM gone`
  const left = row?.left?.filter((id) => id !== null) ?? []
  const { count } = await ctx.db.modelCheckpoint.deleteMany({
    where: { id: { in: left }, models: { none: {} }, forecasts: { none: {} } },
  })
  return { forecasts: row?.forecasts ?? 0, checkpoints: count }
}
