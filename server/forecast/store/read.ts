import { authorise, type Verb } from '../../kernel/context.ts'
import { parseInput } from '../../kernel/parse.ts'
import {
  type ForecastAtInput,
  type ForecastSnapshot,
  ForecastSnapshotSchema,
  forecastAtInput,
} from '../contract.ts'

export type StoredForecast = { id: string; issuedAt: string; snapshot: ForecastSnapshot }

/** What was forecast at a moment: the newest forecast issued until then; the newest of all without `at`. Null before the first. */
export async function forecastAt({ ctx, input }: Verb<ForecastAtInput>): Promise<StoredForecast | null> {
  authorise(ctx, 'forecast.read')
  const { workloadId, at } = parseInput(forecastAtInput, input, 'request')
  const row = await ctx.db.forecast.findFirst({
    where: { workloadId, issuedAt: at === undefined ? undefined : { lte: new Date(at) } },
    orderBy: { issuedAt: 'desc' },
  })
  if (row === null) return null
  return {
    id: row.id,
    issuedAt: row.issuedAt.toISOString(),
    snapshot: ForecastSnapshotSchema.parse(row.snapshot),
  }
}

/** The newest forecast of every workload, by workload id. */
export async function latestForecasts({
  ctx,
}: {
  ctx: Verb<unknown>['ctx']
}): Promise<Map<string, StoredForecast>> {
  authorise(ctx, 'forecast.read')
  const rows = await ctx.db.$queryRaw<
    { workloadId: string; id: string; issuedAt: Date; snapshot: unknown }[]
  >`
    SELECT w."id" AS "workloadId", newest."id", newest."issuedAt", newest."snapshot"
    FROM "Workload" w
    CROSS JOIN LATERAL (
      SELECT "id", "issuedAt", "snapshot" FROM "Forecast" f
      WHERE f."workloadId" = w."id" ORDER BY f."issuedAt" DESC LIMIT 1
    ) newest`
  return new Map(
    rows.map(({ workloadId, id, issuedAt, snapshot }) => [
      workloadId,
      { id, issuedAt: issuedAt.toISOString(), snapshot: ForecastSnapshotSchema.parse(snapshot) },
    ]),
  )
}
