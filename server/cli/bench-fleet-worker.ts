import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { syntheticSeries } from '../evaluation/index.ts'
import {
  createEngine,
  DEFAULT_LEVELS,
  type Engine,
  type ForecasterState,
  ForecasterStateSchema,
  restoreEngine,
} from '../forecast/index.ts'
import { seededRandom } from '../kernel/rng.ts'

/** What one worker is told: how many engines it holds, for how many rounds, after how many steps of history. */
export const FleetTaskSchema = z.object({
  engines: z.number().int().positive(),
  rounds: z.number().int().positive(),
  history: z.number().int().positive(),
  stepSeconds: z.number().positive(),
  horizon: z.number().int().positive(),
  seed: z.number().int(),
})
export type FleetTask = z.infer<typeof FleetTaskSchema>

/** What one worker measured. Times are CPU time of its thread unless said. */
export type FleetResult = {
  stateBytes: number
  buildSeconds: number
  /** Per round: learn one observation and give one forecast, for every engine. */
  rounds: { cpuSeconds: number; wallSeconds: number }[]
  saveMicroseconds: number
  loadMicroseconds: number
  checkpointBytes: number
  /** Sum of all medians, so that nothing is optimised away. */
  checksum: number
}

/** Holds engines of every synthetic kind of demand, each with its own recent past, and steps them all. */
export function runFleet(task: FleetTask): FleetResult {
  const started = performance.now()
  const demand = syntheticSeries(seededRandom(task.seed)).map(({ values }) => values)
  const saved = demand.map((values) => JSON.stringify(warmEngine(values, task).toJSON()))
  const loads = cpuSeconds()
  const fleet = Array.from({ length: task.engines }, (_, i) => revive(saved[i % saved.length] ?? ''))
  const loadMicroseconds = ((cpuSeconds() - loads) / task.engines) * 1e6
  const buildSeconds = (performance.now() - started) / 1000
  const rounds: FleetResult['rounds'] = []
  let checksum = 0
  for (let round = 0; round < task.rounds; round++) {
    const wall = performance.now()
    const cpu = cpuSeconds()
    for (const [i, engine] of fleet.entries()) {
      const values = demand[i % demand.length] ?? []
      engine.learn(values[(task.history + round + 7 * i) % values.length] ?? Number.NaN)
      for (const { values: quantiles } of engine.forecast()) checksum += quantiles[0] ?? 0
    }
    rounds.push({ cpuSeconds: cpuSeconds() - cpu, wallSeconds: (performance.now() - wall) / 1000 })
  }
  const saves = cpuSeconds()
  let checkpointBytes = 0
  const sample = fleet.slice(0, 200)
  for (const engine of sample) checkpointBytes += JSON.stringify(engine.toJSON()).length
  return {
    stateBytes: fleet[0]?.stateBytes ?? 0,
    buildSeconds,
    rounds,
    saveMicroseconds: ((cpuSeconds() - saves) / sample.length) * 1e6,
    loadMicroseconds,
    checkpointBytes: checkpointBytes / sample.length,
    checksum,
  }
}

function warmEngine(values: readonly number[], task: FleetTask): Engine {
  const { stepSeconds, horizon, seed } = task
  const engine = createEngine({ stepSeconds, horizon, levels: DEFAULT_LEVELS, seed })
  for (let i = 0; i < task.history; i++) engine.learn(values[i % values.length] ?? Number.NaN)
  return engine
}

function revive(text: string): Engine {
  const state: ForecasterState = ForecasterStateSchema.parse(JSON.parse(text))
  return restoreEngine(state)
}

function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e6
}

parentPort?.postMessage(runFleet(FleetTaskSchema.parse(workerData)))
