import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { labelsHash, type ResolvedSeries } from './resolved-series.ts'

/** A series with its row, its samples sorted, one for each instant. */
export type StoredSeries = ResolvedSeries & { id: number }

type Row = { id: number; workloadId: string; signal: string; labelsHash: string; kind: string; scale: number }

const keyOf = (row: { workloadId: string; signal: string; labelsHash: string }) =>
  `${row.workloadId} ${row.signal} ${row.labelsHash}`

/**
 * Finds or makes the row of every series; equal ones of one request become one. Must run under the workloads' locks.
 * Reads before it inserts, because an insert that conflicts uses up an id all the same.
 */
export async function storeSeries(tx: Tx, ctx: Context, incoming: ResolvedSeries[]): Promise<StoredSeries[]> {
  const wanted = new Map<string, ResolvedSeries & { labelsHash: string }>()
  for (const series of incoming) {
    const entry = { ...series, labelsHash: labelsHash(series.labels) }
    const same = wanted.get(keyOf(entry))
    // Its own list: one request may carry the same series very many times.
    if (same) for (const sample of series.samples) same.samples.push(sample)
    else wanted.set(keyOf(entry), { ...entry, samples: [...series.samples] })
  }
  const found = new Map((await findSeries(tx, [...wanted.values()])).map((row) => [keyOf(row), row]))

  const missing = [...wanted.values()].filter((series) => !found.has(keyOf(series)))
  if (missing.length > 0) {
    const made = await tx.series.createManyAndReturn({
      data: missing.map(({ samples: _, ...series }) => ({ ...series, createdAt: ctx.clock.now() })),
      select: { id: true, workloadId: true, signal: true, labelsHash: true, kind: true, scale: true },
    })
    for (const row of made) found.set(keyOf(row), row)
  }

  const stored: StoredSeries[] = []
  for (const [key, series] of wanted) {
    const row = found.get(key)
    if (!row) throw new Error(`The series ${key} was neither found nor made.`)
    // A mapping may have changed since; what it says now holds for the whole series.
    if (row.kind !== series.kind || row.scale !== series.scale) {
      await tx.series.update({ where: { id: row.id }, data: { kind: series.kind, scale: series.scale } })
    }
    stored.push({ ...series, id: row.id, samples: lastOfEachInstant(series.samples) })
  }
  return stored
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

function lastOfEachInstant(samples: { at: number; value: number }[]): { at: number; value: number }[] {
  if (samples.every((sample, index) => index === 0 || sample.at > (samples[index - 1]?.at ?? sample.at)))
    return samples
  const byInstant = new Map(samples.map((sample) => [sample.at, sample.value]))
  return [...byInstant].map(([at, value]) => ({ at, value })).sort((a, b) => a.at - b.at)
}
