import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { FleetResult, FleetTask } from './bench-fleet-worker.ts'
import { table } from './bench-report.ts'

const STEP_SECONDS = 60
const WORKERS = 2

/**
 * `npm run bench:fleet`: ten thousand engines at a one-minute step, held in memory by two threads. Each learns one
 * observation and gives a 12-step forecast, again and again; how much of the minute that takes.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      engines: { type: 'string', default: '10000' },
      rounds: { type: 'string', default: '5' },
      history: { type: 'string', default: '1500' },
    },
  })
  const engines = Number(values.engines)
  const task: FleetTask = {
    engines: Math.ceil(engines / WORKERS),
    rounds: Number(values.rounds),
    history: Number(values.history),
    stepSeconds: STEP_SECONDS,
    horizon: 12,
    seed: 1,
  }
  const results = await Promise.all(Array.from({ length: WORKERS }, (_, i) => run({ ...task, seed: 1 + i })))
  process.stdout.write(`${report(results, engines)}\n`)
}

async function run(task: FleetTask): Promise<FleetResult> {
  const worker = new Worker(new URL('./bench-fleet-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: 4_096 },
  })
  const [result]: FleetResult[] = await once(worker, 'message')
  if (result === undefined) throw new Error('A worker ended without a result.')
  return result
}

function report(results: readonly FleetResult[], engines: number): string {
  const perEngine = (seconds: number) => (seconds / engines) * 1e6
  const rounds = (results[0]?.rounds ?? []).map((_, round) => {
    const each = results.map((result) => result.rounds[round] ?? { cpuSeconds: 0, wallSeconds: 0 })
    const cpu = each.map(({ cpuSeconds }) => cpuSeconds)
    const total = cpu.reduce((sum, seconds) => sum + seconds, 0)
    const busiest = Math.max(...cpu)
    const wall = Math.max(...each.map(({ wallSeconds }) => wallSeconds))
    return [
      String(round + 1),
      total.toFixed(2),
      perEngine(total).toFixed(0),
      busiest.toFixed(2),
      `${((100 * busiest) / STEP_SECONDS).toFixed(1)}%`,
      wall.toFixed(2),
    ]
  })
  const mean = (of: (result: FleetResult) => number) =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length
  const rss = process.memoryUsage().rss / 2 ** 30
  return [
    `${engines} engines, a ${STEP_SECONDS} s step, ${results.length} threads, ${(mean((r) => r.stateBytes) / 1024).toFixed(0)} KiB of state each, ${rss.toFixed(2)} GiB resident in all.\n`,
    table(
      'round | CPU s | CPU µs an engine | CPU s of the busier thread | share of the minute | wall s',
      rounds,
    ),
    `A checkpoint has ${(mean((r) => r.checkpointBytes) / 1024).toFixed(0)} KiB as JSON; ${mean((r) => r.saveMicroseconds).toFixed(0)} µs to write, ${mean((r) => r.loadMicroseconds).toFixed(0)} µs to read.`,
  ].join('\n')
}

await main()
