import type { Tx } from '../../kernel/db.ts'
import { signalCatalogue } from '../contract.ts'
import { numberArray } from './array-literal.ts'
import type { StoredSeries } from './series-ids.ts'
import { counterGapSeconds, gaugeHoldSeconds } from './time-rules.ts'

const signalsAcross = (across: 'max' | 'mean') =>
  signalCatalogue.filter((signal) => signal.across === across).map((signal) => signal.name)

/** Runs of a series' new samples that are no further apart than a rate may reach over. */
export function runsOf(samples: { at: number }[], gapMs: number): { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = []
  for (const { at } of samples) {
    const open = runs.at(-1)
    if (open && at - open.last <= gapMs) open.last = at
    else runs.push({ first: at, last: at })
  }
  return runs
}

export type RollupChange = { workloadId: string; signal: string; steps: number; first: Date; newest: Date }

/**
 * Computes again every step that the new samples touch, from all samples of the workload's signal, so that the order
 * of arrival never matters. A sample also touches the steps back to its predecessor and on to its successor.
 *
 * Within a step a gauge counts by the mean (or max) of its samples; a counter by its increase over the part of the
 * step that its samples span, where a fall is a restart from zero (as Prometheus' `rate` has it, without its
 * extrapolation). Then the instances become one value by the catalogue's `across`.
 */
export async function recomputeRollups(
  tx: Tx,
  series: StoredSeries[],
  stepSecondsOf: (workloadId: string) => number,
  now: Date,
): Promise<RollupChange[]> {
  const runs = series.flatMap((one) => {
    const step = stepSecondsOf(one.workloadId)
    const gap = counterGapSeconds(step)
    return runsOf(one.samples, gap * 1_000).map((run) => ({ ...run, id: one.id, step, gap }))
  })
  return tx.$queryRaw<RollupChange[]>`
    WITH run AS (
      SELECT s."id", s."workloadId", s."signal", i.step, i.gap,
        to_timestamp(i.first_ms / 1000.0) AS first_at, to_timestamp(i.last_ms / 1000.0) AS last_at
      FROM unnest(
        ${numberArray(runs.map((run) => run.id))}::int[],
        ${numberArray(runs.map((run) => run.first))}::float8[],
        ${numberArray(runs.map((run) => run.last))}::float8[],
        ${numberArray(runs.map((run) => run.step))}::float8[],
        ${numberArray(runs.map((run) => run.gap))}::float8[]
      ) AS i(id, first_ms, last_ms, step, gap)
      JOIN "Series" s ON s."id" = i.id
    ), span AS (
      SELECT "workloadId", "signal", step, gap, unnest(range_agg(int8range(
        floor(date_part('epoch', coalesce(previous.at, first_at)) / step)::int8,
        floor(date_part('epoch', coalesce(next.at, last_at)) / step)::int8 + 1
      ))) AS steps
      FROM run
      LEFT JOIN LATERAL (
        SELECT p."at" FROM "Sample" p WHERE p."seriesId" = run."id"
          AND p."at" < first_at AND p."at" >= first_at - make_interval(secs => gap)
        ORDER BY p."at" DESC LIMIT 1
      ) previous ON true
      LEFT JOIN LATERAL (
        SELECT n."at" FROM "Sample" n WHERE n."seriesId" = run."id"
          AND n."at" > last_at AND n."at" <= last_at + make_interval(secs => gap)
        ORDER BY n."at" LIMIT 1
      ) next ON true
      GROUP BY "workloadId", "signal", step, gap
    ), part AS (
      SELECT span."workloadId", span."signal", s."id", k * step AS t_step,
        s."scale" * CASE
          WHEN s."kind" = 'gauge' THEN p.value
          WHEN p.next_value >= p.value THEN (p.next_value - p.value) / (p.next_t - p.t)
          ELSE p.next_value / (p.next_t - p.t)
        END AS value,
        CASE
          WHEN s."kind" = 'gauge' THEN 1
          ELSE least(p.next_t, (k + 1) * step) - greatest(p.t, k * step)
        END AS weight
      FROM span
      JOIN "Series" s ON s."workloadId" = span."workloadId" AND s."signal" = span."signal"
        AND s."firstHour" <= to_timestamp(upper(steps) * step + gap)
        AND s."lastHour" >= to_timestamp(lower(steps) * step - gap) - INTERVAL '1 hour'
      CROSS JOIN LATERAL (
        SELECT
          coalesce((
            SELECT max(b."at") FROM "Sample" b WHERE b."seriesId" = s."id"
              AND b."at" < to_timestamp(lower(steps) * step) AND b."at" >= to_timestamp(lower(steps) * step - gap)
          ), to_timestamp(lower(steps) * step)) AS first_at,
          coalesce((
            SELECT min(b."at") FROM "Sample" b WHERE b."seriesId" = s."id"
              AND b."at" >= to_timestamp(upper(steps) * step) AND b."at" <= to_timestamp(upper(steps) * step + gap)
          ), to_timestamp(upper(steps) * step)) AS last_at
        OFFSET 0
      ) reach
      CROSS JOIN LATERAL (
        SELECT t, value, lead(t) OVER (ORDER BY t) AS next_t, lead(value) OVER (ORDER BY t) AS next_value
        FROM (
          SELECT date_part('epoch', x."at") AS t, x."value" FROM "Sample" x
          WHERE x."seriesId" = s."id" AND x."at" >= reach.first_at AND x."at" <= reach.last_at
          OFFSET 0
        ) in_reach
      ) p
      CROSS JOIN LATERAL generate_series(
        greatest(lower(steps), floor(p.t / step)::int8),
        least(upper(steps) - 1, CASE
          WHEN s."kind" = 'counter' THEN ceil(p.next_t / step)::int8 - 1
          WHEN p.next_t - p.t <= ${gaugeHoldSeconds}::int
            THEN greatest(floor(p.t / step)::int8, floor(p.next_t / step)::int8 - 1)
          ELSE floor(p.t / step)::int8
        END)
      ) AS k
      WHERE s."kind" = 'gauge' OR p.next_t - p.t <= gap
    ), instance AS (
      SELECT part."workloadId", part."signal", part."id", t_step, count(*) AS samples,
        CASE
          WHEN part."signal" = ANY(${signalsAcross('max')}::text[]) THEN max(value)
          ELSE sum(value * weight) / sum(weight)
        END AS value
      FROM part GROUP BY part."workloadId", part."signal", part."id", t_step
    ), step_value AS (
      SELECT instance."workloadId", instance."signal", t_step, sum(samples)::int AS samples,
        CASE
          WHEN instance."signal" = ANY(${signalsAcross('max')}::text[]) THEN max(value)
          WHEN instance."signal" = ANY(${signalsAcross('mean')}::text[]) THEN avg(value)
          ELSE sum(value)
        END AS value
      FROM instance GROUP BY instance."workloadId", instance."signal", t_step
    ), written AS (
      INSERT INTO "Rollup" AS old ("workloadId", "signal", "at", "value", "samples", "updatedAt")
      SELECT v."workloadId", v."signal", to_timestamp(t_step), v.value, v.samples, ${now}::timestamptz
      FROM step_value v
      ON CONFLICT ("workloadId", "signal", "at")
        DO UPDATE SET "value" = EXCLUDED."value", "samples" = EXCLUDED."samples", "updatedAt" = EXCLUDED."updatedAt"
        WHERE (old."value", old."samples") IS DISTINCT FROM (EXCLUDED."value", EXCLUDED."samples")
      RETURNING "workloadId", "signal", "at"
    )
    SELECT "workloadId"::text, "signal", count(*)::int AS steps, min("at") AS first, max("at") AS newest
    FROM written GROUP BY "workloadId", "signal"`
}
