import { authorise, type Context } from '../kernel/context.ts'
import type { Freshness } from './contract.ts'

const leastStaleSeconds = 120

/** How old the demand signal of each workload that is not over is, by workload name; a workload without any sample is stale. */
export async function freshness({ ctx }: { ctx: Context }): Promise<Freshness[]> {
  authorise(ctx, 'telemetry.read')
  const rows = await ctx.db.$queryRaw<
    { workloadId: string; lastSampleAt: Date | null; stepSeconds: number }[]
  >`
    SELECT w."id"::text AS "workloadId", w."stepSeconds", sample."lastSampleAt"
    FROM "Workload" w
    LEFT JOIN LATERAL (
      SELECT r."at" FROM "Rollup" r
      WHERE r."workloadId" = w."id" AND r."signal" = w."demandSignal" ORDER BY r."at" DESC LIMIT 1
    ) newest ON true
    LEFT JOIN LATERAL (
      SELECT max(last."at") AS "lastSampleAt"
      FROM "Series" s
      CROSS JOIN LATERAL (
        SELECT x."at" FROM "Sample" x
        WHERE x."seriesId" = s."id" AND x."at" >= newest."at" ORDER BY x."at" DESC LIMIT 1
      ) last
      WHERE s."workloadId" = w."id" AND s."signal" = w."demandSignal"
    ) sample ON true
    WHERE w."endedAt" IS NULL
    ORDER BY w."name"`
  const now = ctx.clock.now().getTime()
  return rows.map(({ workloadId, lastSampleAt, stepSeconds }) => ({
    workloadId,
    lastSampleAt: lastSampleAt?.toISOString() ?? null,
    stepSeconds,
    stale:
      lastSampleAt === null ||
      now - lastSampleAt.getTime() > Math.max(3 * stepSeconds, leastStaleSeconds) * 1_000,
  }))
}
