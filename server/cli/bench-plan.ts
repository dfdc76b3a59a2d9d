import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { casesOf, PARTS, type Part, type PlanCase, sharedIsThere } from './bench-plan-cases.ts'
import { exactTable, judgeExactly } from './bench-plan-exact.ts'
import { caseTable, policyTable, summaryTable, timesTable } from './bench-plan-report.ts'
import { measureSpeed, speedLines } from './bench-plan-speed.ts'
import type { PlanResult } from './bench-plan-worker.ts'

const HELP = `npm run bench:plan -- [--part NAME] [--fast] [--json] [--seed N] [--only TEXT]

  --part   reference: the published traces and configurations; times: the same series at lead times of 1, 5 and
           15 minutes and approval delays of 0, 2, 10 and 60; dev: traces that constants may be chosen on; report:
           traces never used for that; synthetic: seeded series; exact: known laws of demand against the exact
           dynamic programme; speed; all: one after the other (default)
  --fast   reference and exact alone, unless a part is named
  --only   series whose name contains TEXT
  --json   one line of JSON per case
  --seed   seed of synthetic series, of draws and of the bootstrap (1)`

const MOST_THREADS = 2
const TITLES: Record<Part, string> = {
  reference: 'The published traces and configurations',
  times: 'The same series at other lead times and approval delays',
  dev: 'Traces that constants were chosen on',
  report: 'Traces never used for a choice',
  synthetic: 'Seeded synthetic series',
}

/** `npm run bench:plan`: the controller of one pool beside autoscalers and the optimum, as Markdown tables. */
async function main(): Promise<void> {
  const options = readOptions()
  const there = sharedIsThere()
  if (!there) print('The folder ../shared is absent: seeded synthetic series are used alone.\n')
  for (const part of options.parts) {
    if (part === 'exact') {
      const judged = judgeExactly(options.seed)
      print(options.json ? JSON.stringify(judged) : exactTable(judged))
    } else if (part === 'speed') {
      const speed = measureSpeed()
      print(options.json ? JSON.stringify(speed) : speedLines(speed))
    } else if (there || part === 'synthetic') await bench(part, options)
  }
}

async function bench(part: Part, { seed, only, json }: Options): Promise<void> {
  const all = (await casesOf(part, seed)).filter(({ trace }) => trace.seriesId.includes(only))
  const results = await judge(all)
  if (json) {
    for (const result of results) print(JSON.stringify(result))
    return
  }
  print(`### ${TITLES[part]}\n`)
  if (results.length === 0) {
    print(`No series of this part has "${only}" in its name.`)
    return
  }
  if (part === 'times') print(timesTable(results, seed))
  else {
    print(caseTable(results))
    print(policyTable(results))
  }
  print(summaryTable(results, seed))
}

/** All cases, the longest first, by as many threads as there are cores, two at most; in their order. */
async function judge(cases: readonly PlanCase[]): Promise<PlanResult[]> {
  const results: PlanResult[][] = cases.map(() => [])
  const queue = [...cases.keys()].sort((a, b) => work(cases[b]) - work(cases[a]) || a - b)
  const crew = Array.from({ length: Math.min(availableParallelism(), MOST_THREADS) }, async () => {
    const worker = new Worker(new URL('./bench-plan-worker.ts', import.meta.url))
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        results[next] = await ask(worker, cases[next])
      }
    } finally {
      await worker.terminate()
    }
  })
  await Promise.all(crew)
  return results.flat()
}

const work = (one: PlanCase | undefined): number => one?.trace.demand.length ?? 0

function ask(worker: Worker, task: PlanCase | undefined): Promise<PlanResult[]> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (answer: PlanResult[]) => {
      worker.off('error', reject)
      resolve(answer)
    })
    worker.postMessage(task)
  })
}

type Options = { parts: (Part | 'exact' | 'speed')[]; only: string; json: boolean; seed: number }

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      part: { type: 'string', default: '' },
      only: { type: 'string', default: '' },
      fast: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  const known = [...PARTS, 'exact', 'speed'] as const
  const usual = values.fast ? (['reference', 'exact'] as const) : known
  const parts = known.filter((name) =>
    values.part === '' || values.part === 'all' ? usual.some((each) => each === name) : name === values.part,
  )
  if (values.help || parts.length === 0) {
    print(HELP)
    process.exit(values.help ? 0 : 2)
  }
  return { parts, only: values.only, json: values.json, seed: Number(values.seed) }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

await main()
