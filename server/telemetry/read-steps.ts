import { Prisma, type Tx } from '../kernel/db.ts'
import type { SignalName } from './contract.ts'

/** `after`: steps that start later than this. null, or before the first: all. */
type Span = {
  workloadId: string
  after: Date | null
  /** Steps that end later than this are left out. */
  until: Date
  /** At most this many steps of a signal, the oldest first. */
  limit?: number
}
export type StepsWindow = Span & { signal: SignalName }

/** Closed steps in order, one every `stepSeconds` of the workload; null where nothing was measured. */
export type Series = { firstAt: Date; stepMs: number; values: (number | null)[] }

/**
 * The closed steps of a signal in order, for learning: `at` is the start of the step, `value` is null where nothing was
 * measured. A step is closed when a later step has a value, so the newest one is never among them.
 */
export async function readSteps(
  tx: Tx,
  { signal, ...span }: StepsWindow,
): Promise<{ at: Date; value: number | null }[]> {
  const series = (await readSeries(tx, { ...span, signals: [signal] })).get(signal)
  if (series === undefined) return []
  const { firstAt, stepMs, values } = series
  return values.map((value, i) => ({ at: new Date(firstAt.getTime() + i * stepMs), value }))
}

/** What `readSteps` gives of each of these signals, at once; a signal without closed steps there is absent. */
export async function readSeries(
  tx: Tx,
  { workloadId, signals, after, until, limit = 1_000_000 }: Span & { signals: SignalName[] },
): Promise<Map<SignalName, Series>> {
  const rows = await tx.$queryRaw<(Series & { signal: SignalName })[]>`
    SELECT wanted.signal, steps.*
    FROM "Workload" w
    CROSS JOIN unnest(${signals}::text[]) AS wanted(signal)
    CROSS JOIN LATERAL (${stepsOf({
      signal: Prisma.sql`wanted.signal`,
      after: Prisma.sql`${after}::timestamptz`,
      until,
      limit,
    })}) AS steps
    WHERE w."id" = ${workloadId}::uuid`
  return new Map(rows.map(({ signal, ...series }) => [signal, series]))
}

/** A query of the closed steps of a signal of the workload `w`; without a row where there are none. */
export function stepsOf({
  signal,
  after,
  until,
  limit = 1_000_000,
}: { signal: Prisma.Sql; after: Prisma.Sql } & Pick<Span, 'until' | 'limit'>): Prisma.Sql {
  return Prisma.sql`
    SELECT edge.first AS "firstAt", w."stepSeconds" * 1000 AS "stepMs",
      json_agg(r."value" ORDER BY series.at) AS values
    FROM (SELECT make_interval(secs => w."stepSeconds") AS width) AS step
    CROSS JOIN LATERAL (
      SELECT
        greatest(date_bin(step.width, ${after}, min("at")) + step.width, min("at")) AS first,
        least(max("at"), ${until}::timestamptz) - step.width AS last
      FROM "Rollup"
      WHERE "workloadId" = w."id" AND "signal" = ${signal}
      HAVING max("at") IS NOT NULL
    ) AS edge
    CROSS JOIN LATERAL generate_series(
      edge.first, least(edge.last, edge.first + (${limit}::int - 1) * step.width), step.width
    ) AS series(at)
    LEFT JOIN "Rollup" r
      ON r."workloadId" = w."id" AND r."signal" = ${signal} AND r."at" = series.at
    GROUP BY edge.first`
}
