import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type ReplayPolicy, readReplayConfig, replay, sceneOf, stepsCsv } from '../evaluation/index.ts'
import { stepRows } from './testing/recompute.ts'
import { readTraceCsv } from './trace-csv.ts'

/** A machine that is busy takes its time. */
vi.setConfig({ testTimeout: 30_000 })

const shared = path.resolve(import.meta.dirname, '../../../shared')
const folder = path.join(shared, 'replay')
const present = existsSync(path.join(folder, 'reference.csv'))
if (!present) process.stderr.write(`${folder} is absent: the replay is not held against its reference.\n`)

const EXACT: readonly ReplayPolicy[] = ['hpa', 'hpa-offered', 'hpa-tuned', 'kpa', 'static']
const OPTIMA: readonly ReplayPolicy[] = ['clairvoyant', 'clairvoyant-slo']
/** Of these runs everything agrees, of the optima the costs: ties in their path are free. */
const OPTIMUM_KEYS = new Set(['steps', 'gapSteps', 'totalCost', 'infraCost', 'penaltyCost'])

const TRACE_FILES: Record<string, string> = {
  azllm23_code_rps_10s: 'azure_llm_2023_10s.csv',
  azllm23_conv_rps_10s: 'azure_llm_2023_10s.csv',
  helios_earth_total_running_gpu: 'helios_earth_totals_5m.csv',
  mooncake_conv_rps_10s: 'mooncake_conv_10s.csv',
  ms_ingress01: 'ms_cloud_dev_1m.csv',
  ms_mongo01: 'ms_cloud_dev_1m.csv',
  nab_Twitter_volume_AMZN: 'nab_dev.csv',
  servegen_mlarge_c112_rps: 'servegen_mlarge_10m.csv',
  servegen_mlarge_c61_rps: 'servegen_mlarge_10m.csv',
  servegen_mlarge_rps: 'servegen_mlarge_10m.csv',
}

const Summary = z.record(z.string(), z.union([z.number(), z.string()]))
const read = (...parts: string[]) => readFileSync(path.join(folder, ...parts), 'utf8')
const near = (got: unknown, want: number, tolerance: number) =>
  typeof got === 'number' && Math.abs(got - want) <= tolerance * Math.max(Math.abs(want), 1e-9)

const names = present
  ? readdirSync(path.join(folder, 'config')).map((file) => path.basename(file, '.yaml'))
  : []

test.skipIf(!present)('every configuration of the reference is there to be held against', () => {
  expect(names.length).toBeGreaterThanOrEqual(24)
})

test.each(names)('%s: every baseline agrees with the reference', async (name) => {
  const series = name.replace(/_\d+_\d+$/, '')
  const trace = await readTraceCsv(
    path.join(shared, 'traces', TRACE_FILES[series] ?? `${series}.csv`),
    series,
  )
  const scene = sceneOf(trace, readReplayConfig(read('config', `${name}.yaml`), name).config)
  const table = referenceRows(series, name)
  for (const policy of [...EXACT, ...OPTIMA]) {
    const run = replay(scene, policy)
    const file = `${name}_${policy}`
    const facts = { policy, seriesId: series, stepSeconds: trace.stepSeconds, evalFromStep: scene.from }
    const got: Record<string, unknown> = {
      ...run.scores,
      ...facts,
      note: run.note,
      initialReplicas: run.initialReplicas,
    }
    for (const [key, want] of Object.entries(Summary.parse(JSON.parse(read('summary', `${file}.json`))))) {
      if (OPTIMA.includes(policy) && !OPTIMUM_KEYS.has(key)) continue
      if (typeof want === 'string' || Number.isInteger(want))
        expect.soft(got[key], `${file} ${key}`).toBeOneOf([want, expect.closeTo(Number(want), 6)])
      else expect.soft(near(got[key], want, 1e-9), `${file} ${key}: ${got[key]}, not ${want}`).toBe(true)
    }
    const total = table.get(policy)
    expect
      .soft(near(run.scores.totalCost, total ?? Number.NaN, 1e-5), `${file} total in reference.csv`)
      .toBe(true)
    if (EXACT.includes(policy) && existsSync(path.join(folder, 'steps', `${file}.csv`)))
      expect(rowFault(stepsCsv(trace, scene, run), read('steps', `${file}.csv`)), file).toBeNull()
  }
})

/** Total cost by policy. */
function referenceRows(series: string, name: string): Map<string, number> {
  const [head = '', ...lines] = read('reference.csv').trim().split('\n')
  const columns = head.split(',')
  const cell = (cells: string[], column: string) => cells[columns.indexOf(column)] ?? ''
  return new Map(
    lines
      .map((line) => line.split(','))
      .filter(
        (cells) =>
          [series, cell(cells, 'lead'), cell(cells, 'ratio')].join('_') === name && cells[0] === series,
      )
      .map((cells) => [cell(cells, 'policy'), Number(cell(cells, 'total_cost'))]),
  )
}

/** The first row that is not the reference's: counts exactly, quantities to 1e-6. */
function rowFault(got: string, want: string): string | null {
  const [rows, reference] = [stepRows(got), stepRows(want)]
  if (rows.length !== reference.length) return `${rows.length} rows, not ${reference.length}`
  for (const [k, row] of rows.entries()) {
    const other = reference[k]
    if (other === undefined) return `no row ${k}`
    const counts = (['timestamp', 'ready', 'in_flight', 'ordered', 'removed'] as const).every(
      (key) => row[key] === other[key],
    )
    const demand = row.demand === other.demand || near(row.demand, other.demand ?? Number.NaN, 1e-6)
    const quantities = (['backlog', 'p99_ms', 'cost'] as const).every((key) =>
      near(row[key], other[key], 1e-6),
    )
    if (!counts || !demand || !quantities)
      return `row ${k}: ${JSON.stringify(row)}, not ${JSON.stringify(other)}`
  }
  return null
}
