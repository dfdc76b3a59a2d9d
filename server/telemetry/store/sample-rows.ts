import type { Tx } from '../../kernel/db.ts'
import { numberArray } from './array-literal.ts'
import type { StoredSeries } from './series-ids.ts'

const weekMs = 7 * 86_400_000

/** Makes the partitions of every week that the samples fall into. */
export async function ensurePartitions(tx: Tx, series: { samples: { at: number }[] }[]): Promise<void> {
  // Any division of time into sevens of days tells a new week apart at its first and last instant.
  const instants = new Map<number, { first: number; last: number }>()
  for (const { samples } of series) {
    for (const { at } of samples) {
      const seen = instants.get(Math.floor(at / weekMs))
      if (!seen) instants.set(Math.floor(at / weekMs), { first: at, last: at })
      else if (at < seen.first) seen.first = at
      else if (at > seen.last) seen.last = at
    }
  }
  const edges = numberArray([...instants.values()].flatMap(({ first, last }) => [first, last]))
  await tx.$queryRaw`
    SELECT count(ensure_sample_partition(to_timestamp(ms / 1000.0))) FROM unnest(${edges}::float8[]) AS ms`
}

export type SampleCounts = { stored: number; replaced: number; late: number }

/**
 * Writes all samples in one statement; the value of an instant is the one written last. The workloads' locks make sure
 * that nobody adds the same instant meanwhile, which is why no conflict needs handling. `closedBefore`: per series
 * the instant before which steps are closed, to count what came late.
 */
export async function storeSamples(
  tx: Tx,
  series: StoredSeries[],
  closedBefore: (series: StoredSeries) => number,
): Promise<SampleCounts> {
  const ids: number[] = []
  const ats: number[] = []
  const values: number[] = []
  for (const one of series.toSorted((a, b) => a.id - b.id)) {
    for (const sample of one.samples) {
      ids.push(one.id)
      ats.push(sample.at)
      values.push(sample.value)
    }
  }
  const rows = await tx.$queryRaw<SampleCounts[]>`
    WITH sent AS (
      SELECT sent.id, to_timestamp(sent.ms / 1000.0)::timestamptz(3) AS at, sent.value,
        to_timestamp(closed.ms / 1000.0) AS closed_before
      FROM unnest(${numberArray(ids)}::int[], ${numberArray(ats)}::float8[], ${numberArray(values)}::float8[])
        AS sent(id, ms, value)
      JOIN unnest(
        ${numberArray(series.map((one) => one.id))}::int[], ${numberArray(series.map(closedBefore))}::float8[]
      ) AS closed(id, ms) USING (id)
    ), news AS (
      SELECT sent.*, old."value" IS NOT NULL AS replaces
      FROM sent
      LEFT JOIN LATERAL (
        SELECT s."value" FROM "Sample" s WHERE s."seriesId" = sent.id AND s."at" = sent.at OFFSET 0
      ) old ON true
      WHERE old."value" IS DISTINCT FROM sent.value
    ), inserted AS (
      INSERT INTO "Sample" ("seriesId", "at", "value") SELECT id, at, value FROM news WHERE NOT replaces
    ), updated AS (
      UPDATE "Sample" s SET "value" = news.value FROM news
      WHERE news.replaces AND s."seriesId" = news.id AND s."at" = news.at
    )
    SELECT
      count(*) FILTER (WHERE NOT replaces)::int AS stored,
      count(*) FILTER (WHERE replaces)::int AS replaced,
      count(*) FILTER (WHERE at < closed_before)::int AS late
    FROM news`
  return rows[0] ?? { stored: 0, replaced: 0, late: 0 }
}
