import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type BenchSeries,
  benchSeriesOf,
  dealHalves,
  type Half,
  originsOf,
  type Signal,
} from '../evaluation/index.ts'

/** What another method scored on one series. */
export type PublishedScore = { series: string; method: string; wql: number; mase: number; coverage90: number }

const TRACES = join(import.meta.dirname, '../../../shared/traces')
const PEERS = join(TRACES, 'peers')

type Source = { file: string; source: string; stepSeconds: number; steps: readonly number[] }

/** Files of real series, their step, and the steps at which each is forecast. */
const SOURCES: readonly Source[] = [
  { file: 'azure_llm_2023_10s.csv', source: 'azure', stepSeconds: 10, steps: [10, 30] },
  { file: 'azure_llm_2023.csv', source: 'azure', stepSeconds: 60, steps: [60] },
  { file: 'mooncake_conv_10s.csv', source: 'mooncake', stepSeconds: 10, steps: [10, 30, 60] },
  { file: 'servegen_mlarge_10m.csv', source: 'servegen', stepSeconds: 600, steps: [600, 1800] },
  { file: 'ms_cloud_dev_1m.csv', source: 'ms_cloud', stepSeconds: 60, steps: [60, 300, 900] },
  { file: 'nab_dev.csv', source: 'nab', stepSeconds: 300, steps: [300, 900, 3600] },
  { file: 'helios_earth_totals_5m.csv', source: 'helios', stepSeconds: 300, steps: [300, 900, 3600] },
]

/** The ten signals that other methods were scored on, by their name in the traces. */
const PEER_SIGNALS: Record<string, string> = {
  ms_mongo01: 'ms_mongo01',
  ms_ingress01: 'ms_ingress01',
  nab_Twitter_volume_AMZN: 'nab_tw_AMZN',
  helios_earth_total_running_gpu: 'helios_earth_run',
  servegen_mlarge_rps: 'sg_mlarge',
  servegen_mlarge_c61_rps: 'sg_mlarge_c61',
  azllm23_code_rps: 'az_code_rps',
  azllm23_conv_rps: 'az_conv_rps',
  azllm23_conv_in_tps: 'az_conv_in_tps',
  mooncake_conv_rps: 'mooncake_rps',
}

const GROUPS: Record<string, string> = {
  azure: 'LLM traffic, one hour',
  mooncake: 'LLM traffic, one hour',
  servegen: 'LLM traffic, days',
  ms_cloud: 'cloud services',
  nab: 'cloud services',
  helios: 'GPU pools',
}
/** Words at the end of a name that say which signal of a service or cluster it is. */
const SIGNAL_SUFFIX = /_(rps|in_tps|out_tps|running_gpu|pending_gpu)$/

/** Instances of one service that differ by a number. */
const NUMBERED = /^(ms_[a-z]+)\d+$/

export type HalfSeries = { half: Half; peer: boolean; series: BenchSeries }

/**
 * Every series of every trace at each of its steps, none longer than `longest` steps (the last ones), with the half that
 * it belongs to; the ten at their published step are left out. Null where the folder is absent.
 */
export function traceSeries(longest = Number.POSITIVE_INFINITY): HalfSeries[] | null {
  if (!existsSync(join(TRACES, 'README.md'))) return null
  const found = SOURCES.flatMap((source) =>
    signalsOf(source).map((signal) => ({ signal, steps: source.steps })),
  )
  const halves = dealHalves(found.map(({ signal }) => signal))
  const spec = new Map((peerSeries() ?? []).map(({ id, stepSeconds }) => [id, stepSeconds]))
  return found.flatMap(({ signal, steps }) =>
    steps.flatMap((step) => {
      const name = nameOf(signal.id)
      if (signal.peer && spec.get(PEER_SIGNALS[name] ?? '') === step) return []
      const series = benchSeriesOf(signal, step, longest)
      const half = halves.get(signal.id)
      return series && half ? [{ half, peer: signal.peer, series }] : []
    }),
  )
}

/** Per signal of the ten, the series of its family that are in the half that constants are chosen on. */
export function peerSiblings(traces: readonly HalfSeries[]): { id: string; siblings: string[] }[] {
  return SOURCES.flatMap(signalsOf)
    .filter(({ id, peer }, i, all) => peer && all.findIndex((each) => nameOf(each.id) === nameOf(id)) === i)
    .map(({ id, family }) => ({
      id: PEER_SIGNALS[nameOf(id)] ?? id,
      siblings: traces
        .filter(({ half, series }) => half === 'dev' && series.family === family)
        .map(({ series }) => series.id),
    }))
}

function signalsOf({ file, source, stepSeconds }: Source): Signal[] {
  const points = Map.groupBy(rowsOf(join(TRACES, file)), (row) => row[0] ?? '')
  return [...points].map(([id, rows]) => {
    const start = secondsOf(rows[0]?.[1])
    return {
      id,
      source,
      family: nameOf(id).replace(SIGNAL_SUFFIX, '').replace(NUMBERED, '$1'),
      group: GROUPS[source] ?? source,
      stepSeconds,
      startSeconds: start % 86_400,
      values: onGrid(rows, start, stepSeconds),
      peer: nameOf(id) in PEER_SIGNALS,
    }
  })
}

/** The ten series and origins that other methods were scored on; null where the folder is absent. */
export function peerSeries(): BenchSeries[] | null {
  if (!existsSync(join(PEERS, 'spec.csv'))) return null
  const points = Map.groupBy(rowsOf(join(PEERS, 'series.csv')), (row) => row[0] ?? '')
  const origins = Map.groupBy(rowsOf(join(PEERS, 'origins.csv')), (row) => row[0] ?? '')
  return rowsOf(join(PEERS, 'spec.csv')).map(([id = '', step, leads, , , scale]) => {
    const stepSeconds = Number(step)
    const horizon = Number(leads)
    const start = secondsOf(points.get(id)?.[0]?.[1])
    const values = onGrid(points.get(id) ?? [], start, stepSeconds)
    return {
      id,
      family: id,
      group: PEER_GROUPS[id.split('_')[0] ?? ''] ?? 'others',
      stepSeconds,
      startSeconds: start % 86_400,
      horizon,
      maseScale: Number(scale),
      values,
      origins: (origins.get(id) ?? []).map(([, time]) => Math.round((secondsOf(time) - start) / stepSeconds)),
      coldOrigins: originsOf(values.length, horizon).coldOrigins,
    }
  })
}

const PEER_GROUPS: Record<string, string> = {
  az: 'LLM traffic, one hour',
  mooncake: 'LLM traffic, one hour',
  sg: 'LLM traffic, days',
  ms: 'cloud services',
  nab: 'cloud services',
  helios: 'GPU pools',
}

/** What other methods scored on the same origins. */
export function publishedScores(): PublishedScore[] {
  return rowsOf(join(PEERS, 'scores.csv')).map((row) => ({
    series: row[0] ?? '',
    method: row[1] ?? '',
    mase: Number(row[3]),
    wql: Number(row[5]),
    coverage90: Number(row[6]),
  }))
}

const nameOf = (id: string): string => id.replace(/_10s$/, '')

function rowsOf(path: string): string[][] {
  const lines = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  return lines.slice(1).map((line) => line.split(','))
}

function secondsOf(time = ''): number {
  return /^\d+(\.\d+)?$/.test(time) ? Number(time) : Date.parse(time) / 1000
}

function onGrid(rows: readonly string[][], start: number, stepSeconds: number): number[] {
  const values: number[] = []
  for (const [, time, value = ''] of rows) {
    const index = Math.round((secondsOf(time) - start) / stepSeconds)
    while (values.length < index) values.push(Number.NaN)
    values[index] = value === '' ? Number.NaN : Number(value)
  }
  return values
}
