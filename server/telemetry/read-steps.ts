import type { Tx } from '../kernel/db.ts'
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
    WITH step AS (
      SELECT make_interval(secs => "stepSeconds") AS width, "stepSeconds" * 1000 AS ms
      FROM "Workload" WHERE "id" = ${workloadId}::uuid
    )
    SELECT
      wanted.signal,
      edge.first AS "firstAt",
      step.ms AS "stepMs",
      json_agg(r."value" ORDER BY series.at) AS values
    FROM step
    CROSS JOIN unnest(${signals}::text[]) AS wanted(signal)
    CROSS JOIN LATERAL (
      SELECT
        greatest(date_bin(step.width, ${after}::timestamptz, min("at")) + step.width, min("at")) AS first,
        least(max("at"), ${until}::timestamptz) - step.width AS last
      FROM "Rollup"
      WHERE "workloadId" = ${workloadId}::uuid AND "signal" = wanted.signal
      HAVING max("at") IS NOT NULL
    ) AS edge
    CROSS JOIN LATERAL generate_series(
      edge.first, least(edge.last, edge.first + (${limit}::int - 1) * step.width), step.width
    ) AS series(at)
    LEFT JOIN "Rollup" r
      ON r."workloadId" = ${workloadId}::uuid AND r."signal" = wanted.signal AND r."at" = series.at
    GROUP BY wanted.signal, edge.first, step.ms`
  return new Map(rows.map(({ signal, ...series }) => [signal, series]))
}
