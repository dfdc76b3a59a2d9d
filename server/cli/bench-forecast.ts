import {
  type BenchSeries,
  baselinesFor,
  benchBaseline,
  benchEngine,
  type ForecastScores,
  geometricMean,
  syntheticSeries,
} from '../evaluation/index.ts'
import { seededRandom } from '../kernel/rng.ts'
import { type PublishedScore, peerSeries, publishedScores } from './bench-traces.ts'

type Row = {
  name: string
  scores: ForecastScores
  relative: number
  stateBytes: number
  microseconds: number
}

const SEED = 1

/** `npm run bench:forecast`: the engine beside baselines and published methods, as Markdown tables. */
function main(): void {
  const peers = peerSeries()
  if (peers === null) {
    print('The folder ../shared/traces/peers is absent: seeded synthetic series are used alone.')
  } else {
    print('### Ten real series\n')
    const rows = benchAll(peers)
    print(`\n${publishedTable(rows, publishedScores())}\n`)
  }
  print('\n### Seeded synthetic series\n')
  benchAll(syntheticSeries(seededRandom(SEED)))
}

function benchAll(all: readonly BenchSeries[]): Row[] {
  print(
    '| series | wql | relative to last value | to last value, empirical | same time yesterday | MASE | 90% held | CPU µs a step | state kB |',
  )
  print('|---|---|---|---|---|---|---|---|---|')
  const rows: Row[] = []
  const againstEmpirical: number[] = []
  for (const series of all) {
    const [unit, empirical, yesterday] = baselinesFor(series).map((baseline) =>
      benchBaseline(series, baseline),
    )
    if (unit === undefined || empirical === undefined || yesterday === undefined) continue
    const started = process.cpuUsage().user
    const { stateBytes, ...scores } = benchEngine(series, SEED)
    const microseconds = (process.cpuUsage().user - started) / series.values.length
    const loss = scores.weightedQuantileLoss
    const relative = loss / unit.weightedQuantileLoss
    againstEmpirical.push(loss / empirical.weightedQuantileLoss)
    rows.push({ name: series.id, scores, relative, stateBytes, microseconds })
    const cells = [
      loss.toFixed(4),
      relative.toFixed(3),
      (loss / empirical.weightedQuantileLoss).toFixed(3),
      (loss / yesterday.weightedQuantileLoss).toFixed(3),
      scores.mase.toFixed(3),
      scores.coverage90.toFixed(3),
      microseconds.toFixed(0),
      (stateBytes / 1024).toFixed(0),
    ]
    print(`| ${series.id} | ${cells.join(' | ')} |`)
  }
  const mean = geometricMean(rows.map(({ relative }) => relative)).toFixed(3)
  print(`| **geometric mean** | | **${mean}** | ${geometricMean(againstEmpirical).toFixed(3)} | | | | | |`)
  return rows
}

/** Relative loss of every method, all divided by the published last value with normal intervals. */
function publishedTable(rows: readonly Row[], published: readonly PublishedScore[]): string {
  const naive = new Map(
    published.filter(({ method }) => method === 'naive').map(({ series, wql }) => [series, wql]),
  )
  const unitOf = (series: string) => naive.get(series) ?? Number.NaN
  const methods = [...Map.groupBy(published, ({ method }) => method)]
    .filter(([, scores]) => scores.length === rows.length)
    .map(([method, scores]) => ({
      method,
      relative: geometricMean(scores.map(({ series, wql }) => wql / unitOf(series))),
      coverage90: scores.reduce((sum, each) => sum + each.coverage90, 0) / scores.length,
    }))
  const ours = {
    method: '**InfraSage**',
    relative: geometricMean(rows.map(({ name, scores }) => scores.weightedQuantileLoss / unitOf(name))),
    coverage90: rows.reduce((sum, { scores }) => sum + scores.coverage90, 0) / rows.length,
  }
  const lines = [ours, ...methods]
    .sort((a, b) => a.relative - b.relative)
    .map(
      ({ method, relative, coverage90 }) =>
        `| ${method} | ${relative.toFixed(3)} | ${coverage90.toFixed(3)} |`,
    )
  return [
    '| method, same origins | geometric mean relative to naive | 90% held |',
    '|---|---|---|',
    ...lines,
  ].join('\n')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

main()
