import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { maxLiveSeriesPerSignal } from '../limits.ts'
import { numberArray } from './array-literal.ts'
import { labelsHash, type ResolvedSeries } from './resolved-series.ts'
import { hourOf, lastOfEachInstant } from './sample-order.ts'

/** A series with its row, its samples sorted, one for each instant. */
export type StoredSeries = ResolvedSeries & { id: number }

type Row = { id: number; workloadId: string; signal: string; labelsHash: string; kind: string; scale: number }

const keyOf = (row: { workloadId: string; signal: string; labelsHash: string }) =>
  `${row.workloadId} ${row.signal} ${row.labelsHash}`

/** Series that were stored, and those that were left out because their signal has too many. */
export type SeriesOfRequest = { stored: StoredSeries[]; refused: ResolvedSeries[] }

type Wanted = ResolvedSeries & { labelsHash: string }

/**
 * Finds or makes the row of every series; equal ones of one request become one. Must run under the workloads' locks.
 * Reads before it inserts, because an insert that conflicts uses up an id all the same.
 */
export async function storeSeries(
  tx: Tx,
  ctx: Context,
  incoming: ResolvedSeries[],
): Promise<SeriesOfRequest> {
  const wanted = new Map<string, Wanted>()
  for (const series of incoming) {
    const entry = { ...series, labelsHash: labelsHash(series.labels) }
    const same = wanted.get(keyOf(entry))
    // Its own list: one request may carry the same series very many times.
    if (same) for (const sample of series.samples) same.samples.push(sample)
    else wanted.set(keyOf(entry), { ...entry, samples: [...series.samples] })
  }
  for (const series of wanted.values()) series.samples = lastOfEachInstant(series.samples)
  const found = new Map((await findSeries(tx, [...wanted.values()])).map((row) => [keyOf(row), row]))

  const missing = [...wanted.values()].filter((series) => !found.has(keyOf(series)))
  const refused = missing.length > 0 ? await beyondLimit(tx, ctx, missing) : []
  for (const series of refused) wanted.delete(keyOf(series))
  for (const row of await makeSeries(
    tx,
    ctx,
    missing.filter((series) => wanted.has(keyOf(series))),
  )) {
    found.set(keyOf(row), row)
  }

  const stored: StoredSeries[] = []
  for (const [key, series] of wanted) {
    const row = found.get(key)
    if (!row) throw new Error(`The series ${key} was neither found nor made.`)
    // A mapping may have changed since; what it says now holds for the whole series.
    if (row.kind !== series.kind || row.scale !== series.scale) {
      await tx.series.update({ where: { id: row.id }, data: { kind: series.kind, scale: series.scale } })
    }
    stored.push({ ...series, id: row.id })
  }
  await extendHours(tx, stored)
  return { stored, refused }
}

/** New series that would take their signal beyond what one may have at a time, so that labels without bound do no harm. */
async function beyondLimit(tx: Tx, ctx: Context, missing: Wanted[]): Promise<Wanted[]> {
  const since = new Date(hourOf(ctx.clock.now().getTime()) - 3_600_000)
  const live = await tx.series.groupBy({
    by: ['workloadId', 'signal'],
    where: {
      workloadId: { in: [...new Set(missing.map(({ workloadId }) => workloadId))] },
      lastHour: { gte: since },
    },
    _count: true,
  })
  const counts = new Map(live.map((row) => [`${row.workloadId} ${row.signal}`, row._count]))
  return missing.filter(({ workloadId, signal }) => {
    const count = (counts.get(`${workloadId} ${signal}`) ?? 0) + 1
    counts.set(`${workloadId} ${signal}`, count)
    return count > maxLiveSeriesPerSignal
  })
}

async function makeSeries(tx: Tx, ctx: Context, missing: Wanted[]): Promise<Row[]> {
  if (missing.length === 0) return []
  return tx.series.createManyAndReturn({
    data: missing.map(({ samples, ...series }) => ({
      ...series,
      ...hoursOf(samples),
      createdAt: ctx.clock.now(),
    })),
    select: { id: true, workloadId: true, signal: true, labelsHash: true, kind: true, scale: true },
  })
}

function hoursOf(samples: { at: number }[]): { firstHour: Date; lastHour: Date } {
  return {
    firstHour: new Date(hourOf(samples[0]?.at ?? 0)),
    lastHour: new Date(hourOf(samples.at(-1)?.at ?? 0)),
  }
}

/** Hours, not instants, so that a series' row is written once an hour and not with every sample. */
async function extendHours(tx: Tx, series: StoredSeries[]): Promise<void> {
  const hours = series.map(({ samples }) => hoursOf(samples))
  await tx.$executeRaw`
    UPDATE "Series" s
    SET "firstHour" = least(s."firstHour", new.first), "lastHour" = greatest(s."lastHour", new.last)
    FROM (
      SELECT id, to_timestamp(first_ms / 1000.0) AS first, to_timestamp(last_ms / 1000.0) AS last
      FROM unnest(
        ${numberArray(series.map(({ id }) => id))}::int[],
        ${numberArray(hours.map(({ firstHour }) => firstHour.getTime()))}::float8[],
        ${numberArray(hours.map(({ lastHour }) => lastHour.getTime()))}::float8[]
      ) AS sent(id, first_ms, last_ms)
    ) new
    WHERE s."id" = new.id AND (s."firstHour" > new.first OR s."lastHour" < new.last)`
}

function findSeries(tx: Tx, wanted: { workloadId: string; signal: string; labelsHash: string }[]) {
  return tx.$queryRaw<Row[]>`
    SELECT s."id", s."workloadId", s."signal", s."labelsHash", s."kind"::text AS "kind", s."scale"
    FROM unnest(
      ${wanted.map((series) => series.workloadId)}::uuid[],
      ${wanted.map((series) => series.signal)}::text[],
      ${wanted.map((series) => series.labelsHash)}::text[]
    ) AS w("workloadId", "signal", "labelsHash")
    JOIN "Series" s USING ("workloadId", "signal", "labelsHash")`
}
