import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ReplayConfig,
  readReplayConfig,
  replayConfig,
  syntheticSeries,
  type Trace,
  traceOf,
} from '../evaluation/index.ts'
import { seededRandom } from '../kernel/rng.ts'
import { traceSeries } from './bench-traces.ts'
import { readTraceCsv } from './trace-csv.ts'

/** Which comparison a case belongs to. */
export type Part = 'reference' | 'times' | 'dev' | 'report' | 'synthetic'
export const PARTS: readonly Part[] = ['reference', 'times', 'dev', 'report', 'synthetic']

/** One trace at one lead time and approval delay; all its penalty ratios share forecasts. */
export type PlanCase = { part: Part; trace: Trace; configs: { ratio: number; config: ReplayConfig }[] }

const SHARED = join(import.meta.dirname, '../../../shared')
const CONFIGS = join(SHARED, 'replay/config')
const TRACE_FILES: Record<string, string> = {
  azllm23: 'azure_llm_2023_10s.csv',
  helios: 'helios_earth_totals_5m.csv',
  mooncake: 'mooncake_conv_10s.csv',
  ms: 'ms_cloud_dev_1m.csv',
  nab: 'nab_dev.csv',
  servegen: 'servegen_mlarge_10m.csv',
}
const RATIOS = [20, 100]
const LEADS_SECONDS = [60, 300, 900]
const APPROVALS_SECONDS = [0, 120, 600, 3_600]
/** Lead times that a trace of the catalogue is replayed at, by its step; longer steps are beyond a replay. */
const LEADS_BY_STEP: Record<number, number[]> = { 10: [60], 30: [60], 60: [300], 300: [300, 900], 600: [600] }
/** What is assumed of a pool of which only demand is known: replicas kept busy on average, slots, objective, room. */
const BUSY_REPLICAS = 15
const SLOTS = 4
const OBJECTIVE_SHARE = 1.5
const LEAST_ROOM = 40
/** Fewer steps than this are a smoke test at best. */
const SHORTEST = 300
const LONGEST_STEP = 600

export const sharedIsThere = (): boolean => existsSync(CONFIGS)

/** Everything of one part; seeded synthetic series where it is they that are asked for. */
export async function casesOf(part: Part, seed: number): Promise<PlanCase[]> {
  if (part === 'synthetic') return catalogueCases(part, syntheticTraces(seed))
  if (part === 'dev' || part === 'report') {
    const found = (traceSeries() ?? []).filter(({ half }) => half === part)
    return catalogueCases(
      part,
      found.flatMap(({ series }) => traceFrom(series.id, series) ?? []),
    )
  }
  const reference = await referenceCases()
  return part === 'reference' ? reference : timesOf(reference)
}

/** The published configurations, by series and lead time. */
async function referenceCases(): Promise<PlanCase[]> {
  const names = readdirSync(CONFIGS).filter((name) => name.endsWith('.yaml'))
  const parsed = names.map((name) => {
    const [, series = '', lead = '', ratio = ''] = /^(.+)_(\d+)_(\d+)\.yaml$/.exec(name) ?? []
    const { config } = readReplayConfig(readFileSync(join(CONFIGS, name), 'utf8'), name)
    return { series, lead: Number(lead), ratio: Number(ratio), config }
  })
  const cases: PlanCase[] = []
  for (const members of Map.groupBy(parsed, ({ series, lead }) => `${series} ${lead}`).values()) {
    const [first] = members
    const file = TRACE_FILES[first?.series.split('_')[0] ?? '']
    if (first === undefined || file === undefined) continue
    const trace = await readTraceCsv(join(SHARED, 'traces', file), first.series)
    cases.push({ part: 'reference', trace, configs: members.sort((a, b) => a.ratio - b.ratio) })
  }
  return cases
}

/** The same series at every lead time and approval delay. */
function timesOf(reference: readonly PlanCase[]): PlanCase[] {
  const first = [...Map.groupBy(reference, ({ trace }) => trace.seriesId).values()].flatMap(
    ([one]) => one ?? [],
  )
  return first.flatMap(({ trace, configs }) =>
    LEADS_SECONDS.flatMap((leadTimeSeconds) =>
      APPROVALS_SECONDS.map((approvalDelaySeconds): PlanCase => {
        const changed = configs.map(({ ratio, config }) => ({
          ratio,
          config: { ...config, leadTimeSeconds, approvalDelaySeconds },
        }))
        return { part: 'times', trace, configs: changed }
      }),
    ),
  )
}

function catalogueCases(part: Part, traces: readonly Trace[]): PlanCase[] {
  return traces.flatMap((trace) =>
    (LEADS_BY_STEP[trace.stepSeconds] ?? []).map((lead): PlanCase => {
      return {
        part,
        trace,
        configs: RATIOS.map((ratio) => ({ ratio, config: configFor(trace, lead, ratio) })),
      }
    }),
  )
}

function configFor({ demand, gap }: Trace, leadTimeSeconds: number, ratio: number): ReplayConfig {
  const known = demand.filter((_, i) => gap[i] === 0)
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const capacityPerReplica = mean / BUSY_REPLICAS
  const peak = known.reduce((most, value) => Math.max(most, value), 0)
  const serviceTimeSeconds = SLOTS / capacityPerReplica
  return replayConfig.parse({
    capacityPerReplica,
    serviceTimeSeconds,
    sloP99Seconds: OBJECTIVE_SHARE * serviceTimeSeconds,
    maxReplicas: Math.max(LEAST_ROOM, Math.ceil((1.5 * peak) / capacityPerReplica)),
    leadTimeSeconds,
    penaltyPerReplicaHourShort: ratio,
    shortfallUtilisation: 0.85,
  })
}

function syntheticTraces(seed: number): Trace[] {
  return syntheticSeries(seededRandom(seed)).flatMap((series) => traceFrom(series.id, series) ?? [])
}

type Values = { stepSeconds: number; startSeconds: number; values: readonly number[] }

function traceFrom(id: string, { stepSeconds, startSeconds, values }: Values): Trace | null {
  if (stepSeconds > LONGEST_STEP || values.length < SHORTEST) return null
  const rows = values.map((value, i) => ({ line: i + 2, seconds: startSeconds + i * stepSeconds, value }))
  return traceOf(id, rows)
}
