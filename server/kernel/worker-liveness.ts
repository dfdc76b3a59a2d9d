import type { Db } from './db.ts'

/** Name under which a worker's queue connections show in the database. */
export const workerConnectionName = 'infrasage-worker'

/** A worker asks the queue something every few seconds; one that has been silent this long hangs. */
const silentAfterSeconds = 30

/** Whether any worker is at work, on any machine, and when one last gave a sign of life. */
export async function workerLiveness(db: Db): Promise<{ alive: boolean; lastSeenAt: Date | null }> {
  const rows = await db.$queryRaw<{ alive: boolean; lastSeenAt: Date | null }[]>`
    SELECT
      coalesce(bool_or(seen > now() - make_interval(secs => ${silentAfterSeconds})), false) AS alive,
      coalesce(max(seen), (SELECT max(monitor_claim_on) FROM pgboss.queue)) AS "lastSeenAt"
    FROM (
      SELECT coalesce(state_change, now()) AS seen FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = ${workerConnectionName}
    ) AS connections`
  return rows[0] ?? { alive: false, lastSeenAt: null }
}
