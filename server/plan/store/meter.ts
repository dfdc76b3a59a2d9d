import { Prisma, type Tx } from '../../kernel/db.ts'
import { type Reading, reading } from '../../kernel/reading.ts'

/** Which pools are metered: one, those of one offering, or all. */
export type Metered = { poolId?: string; offeringId?: string }

/**
 * Brings the ledger of spend up to an instant: what each pool was last observed to be asked for, times its price of the
 * hour, for the time since it was last metered. Called before a level or a price changes, and every minute, so that each
 * second is charged as it was. A pool enters the ledger when it is first observed. Time in which nobody looked counts at the
 * last known level, because capacity costs money unseen. Of serverless offerings the warm instances count, not the calls.
 * Replicas on nodes are paid with the nodes; a size is what the replicas that it cuts cost less.
 */
export async function meterPools(tx: Tx, until: Date, { poolId, offeringId }: Metered = {}): Promise<void> {
  const which = Prisma.sql`
    ${
      poolId === undefined
        ? Prisma.empty
        : Prisma.sql`AND p."id" IN (SELECT unnest(ARRAY[g."id", g."governsPoolId"]) FROM "Pool" g WHERE g."id" = ${poolId}::uuid)`
    }
    ${offeringId === undefined ? Prisma.empty : Prisma.sql`AND p."offeringId" = ${offeringId}::uuid`}`
  await tx.$executeRaw`
    WITH due AS (
      SELECT p."id", p."workloadId", p."desiredReplicas" * CASE
          WHEN p."control" = 'size' AND p."governsPoolId" IS NULL THEN 0.01
          WHEN p."control" = 'size' OR EXISTS (
            SELECT FROM "Pool" g WHERE g."control" = 'nodes' AND g."governsPoolId" = p."id") THEN 0
          ELSE coalesce((SELECT min(g."desiredReplicas") FROM "Pool" g
            WHERE g."control" = 'size' AND g."governsPoolId" = p."id"), 100) / 100.0
        END AS level, m."meteredUntil" AS since,
        o."pricePerReplicaHourUsd" AS price, o."priceProfileUsd" AS profile
      FROM "PoolMeter" m JOIN "Pool" p ON p."id" = m."poolId" JOIN "Offering" o ON o."id" = p."offeringId"
      WHERE m."meteredUntil" < ${until} AND p."desiredReplicas" IS NOT NULL ${which}
      ORDER BY m."poolId" FOR UPDATE OF m
    ), metered AS (
      UPDATE "PoolMeter" m SET "meteredUntil" = ${until} FROM due WHERE m."poolId" = due."id"
    ), entered AS (
      INSERT INTO "PoolMeter" ("poolId", "meteredUntil")
      SELECT p."id", ${until} FROM "Pool" p WHERE p."desiredReplicas" IS NOT NULL ${which}
      ON CONFLICT DO NOTHING
    ), slices AS (
      SELECT due.*, hour,
        extract(epoch FROM least(${until}, hour + interval '1 hour') - greatest(since, hour)) / 3600.0 AS hours
      FROM due, generate_series(date_trunc('hour', since), ${until}, interval '1 hour') AS hour
    )
    INSERT INTO "SpendHour" ("workloadId", "hour", "usd")
    SELECT "workloadId", hour, sum(
      level * hours * coalesce(profile[extract(hour FROM hour)::int + 1], price)
    )
    FROM slices WHERE hours > 0
    GROUP BY "workloadId", hour ORDER BY "workloadId", hour
    ON CONFLICT ("workloadId", "hour") DO UPDATE SET "usd" = "SpendHour"."usd" + EXCLUDED."usd"`
}

/** What a workload's capacity cost since the month began, and per hour over the past week. */
export type Spend = { thisMonthUsd: number; usualPerHourUsd: number | null }

const weekMs = 7 * 24 * 3_600_000
/** A usual hour is told from a day or more; before that the present rate is all there is. */
const leastMs = 24 * 3_600_000

type StoredSpend = { id: string; thisMonthUsd: number; weekUsd: number; knownSince: string | null }

/** Spend by workload at an instant; `usualPerHourUsd` is null where less than a day is known. */
export function spendOf(
  workloadIds: readonly string[],
  now: Date,
  monthStart: Date,
): Reading<Map<string, Spend>> {
  const weekStart = new Date(now.getTime() - weekMs)
  const query = Prisma.sql`
    SELECT json_agg(json_build_object('id', w."id",
      'thisMonthUsd', coalesce(spent."month", 0), 'weekUsd', coalesce(spent."week", 0), 'knownSince', spent."since"))
    FROM unnest(${[...workloadIds]}::uuid[]) AS w("id") CROSS JOIN LATERAL (
      SELECT sum(s."usd") FILTER (WHERE s."hour" >= ${monthStart}::timestamptz) AS "month",
        sum(s."usd") FILTER (WHERE s."hour" >= ${weekStart}::timestamptz) AS "week",
        min(s."hour") FILTER (WHERE s."hour" >= ${weekStart}::timestamptz) AS "since"
      FROM "SpendHour" s WHERE s."workloadId" = w."id" AND s."hour" <= ${now}::timestamptz
        AND s."hour" >= least(${weekStart}::timestamptz, ${monthStart}::timestamptz)) AS spent`
  return reading(query, (rows: StoredSpend[] | null) => {
    const spendIn = ({ thisMonthUsd, weekUsd, knownSince }: StoredSpend): Spend => {
      const knownMs = knownSince === null ? 0 : now.getTime() - Date.parse(knownSince)
      return { thisMonthUsd, usualPerHourUsd: knownMs >= leastMs ? (weekUsd / knownMs) * 3_600_000 : null }
    }
    return new Map((rows ?? []).map((row) => [row.id, spendIn(row)]))
  })
}
