import type { Tx } from '../kernel/db.ts'
import type { SignalName } from './contract.ts'

export type StepsWindow = {
  workloadId: string
  signal: SignalName
  /** Steps that start later than this: of the last one already known, or any moment. null, or before the first: all. */
  after: Date | null
  /** Steps that end later than this are left out. */
  until: Date
  /** At most this many steps, the oldest first. */
  limit?: number
}

/**
 * The closed steps of a signal in order, for learning: `at` is the start of the step, `value` is null where nothing was
 * measured. A step is closed when a later step has a value, so the newest one is never among them.
 */
export async function readSteps(
  tx: Tx,
  { workloadId, signal, after, until, limit = 1_000_000 }: StepsWindow,
): Promise<{ at: Date; value: number | null }[]> {
  return tx.$queryRaw<{ at: Date; value: number | null }[]>`
    WITH step AS (
      SELECT make_interval(secs => "stepSeconds") AS width FROM "Workload" WHERE "id" = ${workloadId}::uuid
    ), edge AS (
      SELECT
        greatest(
          date_bin((SELECT width FROM step), ${after}::timestamptz, min("at")) + (SELECT width FROM step),
          min("at")
        ) AS first,
        least(max("at"), ${until}::timestamptz) - (SELECT width FROM step) AS last
      FROM "Rollup"
      WHERE "workloadId" = ${workloadId}::uuid AND "signal" = ${signal}
      HAVING max("at") IS NOT NULL
    )
    SELECT series.at, r."value"
    FROM edge
    CROSS JOIN step
    CROSS JOIN LATERAL generate_series(edge.first, edge.last, step.width) AS series(at)
    LEFT JOIN "Rollup" r
      ON r."workloadId" = ${workloadId}::uuid AND r."signal" = ${signal} AND r."at" = series.at
    ORDER BY series.at
    LIMIT ${limit}`
}
