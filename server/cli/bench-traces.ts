import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchSeries } from '../evaluation/index.ts'

/** What another method scored on one series. */
export type PublishedScore = { series: string; method: string; wql: number; coverage90: number }

const PEERS = join(import.meta.dirname, '../../../shared/traces/peers')

const rows = (file: string): string[][] =>
  readFileSync(join(PEERS, file), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))

/** The ten series and origins that other methods were scored on; null where the folder is absent. */
export function peerSeries(): BenchSeries[] | null {
  if (!existsSync(join(PEERS, 'spec.csv'))) return null
  const points = Map.groupBy(rows('series.csv'), (row) => row[0] ?? '')
  const origins = Map.groupBy(rows('origins.csv'), (row) => row[0] ?? '')
  return rows('spec.csv').map(([id = '', step, horizon, , , scale]) => {
    const stepSeconds = Number(step)
    const first = Number(points.get(id)?.[0]?.[1])
    const index = (time: string | undefined) => Math.round((Number(time) - first) / stepSeconds)
    const values: number[] = []
    for (const [, time, value] of points.get(id) ?? []) {
      const at = index(time)
      while (values.length < at) values.push(Number.NaN)
      values[at] = value === undefined || value === '' ? Number.NaN : Number(value)
    }
    return {
      id,
      stepSeconds,
      horizon: Number(horizon),
      maseScale: Number(scale),
      values,
      origins: (origins.get(id) ?? []).map(([, time]) => index(time)),
    }
  })
}

/** What other methods scored on the same origins. */
export function publishedScores(): PublishedScore[] {
  return rows('scores.csv').map((row) => ({
    series: row[0] ?? '',
    method: row[1] ?? '',
    wql: Number(row[5]),
    coverage90: Number(row[6]),
  }))
}
