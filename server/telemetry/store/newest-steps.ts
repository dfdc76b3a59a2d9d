import type { Tx } from '../../kernel/db.ts'

/** Start of the newest step that has a value, by "workloadId signal"; milliseconds since the epoch. */
export type NewestSteps = Map<string, number>

export const signalKey = (of: { workloadId: string; signal: string }) => `${of.workloadId} ${of.signal}`

export async function newestSteps(
  tx: Tx,
  of: { workloadId: string; signal: string }[],
): Promise<NewestSteps> {
  const pairs = [...new Map(of.map((one) => [signalKey(one), one])).values()]
  const rows = await tx.$queryRaw<{ workloadId: string; signal: string; at: Date }[]>`
    SELECT p."workloadId"::text, p."signal", newest."at"
    FROM unnest(
      ${pairs.map((pair) => pair.workloadId)}::uuid[], ${pairs.map((pair) => pair.signal)}::text[]
    ) AS p("workloadId", "signal")
    CROSS JOIN LATERAL (
      SELECT r."at" FROM "Rollup" r
      WHERE r."workloadId" = p."workloadId" AND r."signal" = p."signal" ORDER BY r."at" DESC LIMIT 1
    ) newest`
  return new Map(rows.map((row) => [signalKey(row), row.at.getTime()]))
}
