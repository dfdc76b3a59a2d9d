import { parseArgs } from 'node:util'
import {
  type BenchSeries,
  baselinesFor,
  benchBaseline,
  benchEngine,
  syntheticSeries,
} from '../evaluation/index.ts'
import { EXPERT_NAMES, type ExpertName } from '../forecast/index.ts'
import { seededRandom } from '../kernel/rng.ts'
import { publishedTables } from './bench-published.ts'
import {
  type BenchRow,
  coldTable,
  groupTable,
  methodTable,
  scoreLines,
  seriesTable,
  summaryOf,
} from './bench-report.ts'
import { peerSeries, peerSiblings, publishedScores, traceSeries } from './bench-traces.ts'

const HELP = `npm run bench:forecast -- [--half dev|report|all|peers|synthetic] [--only TEXT] [--fast] [--list]

  --half   dev: series that constants may be chosen on; report: series never used for that;
           peers: the ten series and origins that other methods were scored on; synthetic: seeded series;
           all: one after the other (default)
  --without  experts that do not take part, separated by commas
  --only   series whose name contains TEXT
  --fast   last 4,032 steps of a series, two baselines, one line of means at the end
  --json   scores of each series as one line of JSON
  --list   which series are in which half, and nothing else
  --seed   seed of the engine and of synthetic series (1)`

const FAST_STEPS = 4_032

type Options = {
  half: string
  only: string
  experts: ExpertName[]
  fast: boolean
  json: boolean
  list: boolean
  seed: number
}

/** `npm run bench:forecast`: the engine beside baselines and published methods, as Markdown tables. */
function main(): void {
  const options = readOptions()
  const traces = traceSeries(options.fast ? FAST_STEPS : undefined)
  const peers = peerSeries()
  if (options.list) {
    listHalves(traces ?? [])
    return
  }
  if (traces === null || peers === null) {
    print('The folder ../shared/traces is absent: seeded synthetic series are used alone.\n')
    bench('Seeded synthetic series', syntheticSeries(seededRandom(options.seed)), options)
    return
  }
  const half = (name: string) => traces.filter((each) => each.half === name).map(({ series }) => series)
  const parts: Record<string, () => void> = {
    dev: () => bench('Half on which constants were chosen', half('dev'), options),
    report: () => bench('Half never used for a choice', half('report'), options),
    peers: () => bench('The ten published series and origins', peers, options, true),
    synthetic: () => bench('Seeded synthetic series', syntheticSeries(seededRandom(options.seed)), options),
  }
  for (const name of options.half === 'all' ? ['dev', 'report', 'peers', 'synthetic'] : [options.half]) {
    parts[name]?.()
  }
}

function bench(title: string, all: readonly BenchSeries[], options: Options, published = false): void {
  const chosen = all.filter(({ id }) => id.includes(options.only))
  const { seed, experts } = options
  const [first] = chosen
  // Once for nothing, so that what is timed is compiled; and baselines after all, so that their litter is not.
  if (first !== undefined) benchEngine(first, { seed, experts, cpuMicroseconds })
  const engines = chosen.map((series) => benchEngine(series, { seed, experts, cpuMicroseconds }))
  const rows = engines.flatMap((engine, i): BenchRow[] => {
    const series = chosen[i]
    if (series === undefined) return []
    const baselines = options.fast ? baselinesFor(series).slice(0, 2) : baselinesFor(series)
    return [
      {
        series,
        engine,
        baselines: baselines.map((each) => ({ name: each.name, run: benchBaseline(series, each) })),
      },
    ]
  })
  if (rows.length === 0) {
    print(`No series of this half has "${options.only}" in its name.`)
    return
  }
  if (options.json) {
    print(JSON.stringify(scoreLines(rows)))
    return
  }
  print(`### ${title}\n`)
  print(seriesTable(rows))
  if (!options.fast) print(methodTable(rows))
  print(groupTable(rows))
  print(coldTable(rows, !options.fast))
  if (published && options.only === '') print(publishedTables(rows, publishedScores()))
  print(summaryOf(rows))
}

function listHalves(traces: NonNullable<ReturnType<typeof traceSeries>>): void {
  print('| half | family | series | one of the ten signals |\n|---|---|---|---|')
  for (const { half, peer, series } of traces) {
    print(`| ${half} | ${series.family} | ${series.id} | ${peer ? 'yes' : ''} |`)
  }
  print('\n| of the ten, in neither half | of its family in dev |\n|---|---|')
  for (const { id, siblings } of peerSiblings(traces)) print(`| ${id} | ${siblings.join(', ')} |`)
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      half: { type: 'string', default: 'all' },
      only: { type: 'string', default: '' },
      without: { type: 'string', default: '' },
      fast: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  const { half, only, fast, json, list, help } = values
  if (help || !['dev', 'report', 'all', 'peers', 'synthetic'].includes(half)) {
    print(HELP)
    process.exit(help ? 0 : 2)
  }
  const left = values.without.split(',').filter((name) => name !== '')
  const unknown = left.filter((name) => EXPERT_NAMES.every((known) => known !== name))
  if (unknown.length > 0) {
    print(`There is no expert ${unknown.join(', ')}; experts are ${EXPERT_NAMES.join(', ')}.`)
    process.exit(2)
  }
  const experts = EXPERT_NAMES.filter((name) => !left.includes(name))
  return { half, only, experts, fast, json, list, seed: Number(values.seed) }
}

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

main()
