import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import {
  clairvoyant,
  REPLAY_POLICIES,
  type ReplayPolicy,
  readReplayConfig,
  replay,
  sceneOf,
  stepsCsv,
  summaryJson,
} from '../evaluation/index.ts'
import { InvalidInputError } from '../kernel/errors.ts'
import { readTraceCsv } from './trace-csv.ts'

export type ReplayOptions = {
  input: string
  series?: string
  config: string
  policy: ReplayPolicy
  out: string
  json?: boolean
}

/** Adds `infrasage replay`: one policy over one series, with lead times, prices and queues as configured. */
export function registerReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('Replay a capacity policy over measured demand and write what it did, cost and served')
    .requiredOption('--input <file>', 'CSV with columns series_id,timestamp,value (ISO 8601 or seconds)')
    .option('--series <id>', 'the series to replay; needed where the file holds several')
    .requiredOption('--config <file>', 'YAML that describes the pool (docs/replay.md names every key)')
    .addOption(new Option('--policy <name>', 'who decides').choices(REPLAY_POLICIES).makeOptionMandatory())
    .requiredOption('--out <folder>', 'folder for steps.csv and summary.json; made if it is not there')
    .option('--json', 'print the summary as JSON')
    .action(async (options: ReplayOptions) => {
      const { summary, line } = await replayFile(options)
      process.stdout.write(options.json ? summary : `${line}\n`)
    })
}

/**
 * Reads, replays and writes `steps.csv` and `summary.json`. Nothing is written unless both could be made.
 * @throws InvalidInputError naming the line or the key that is wrong
 */
export async function replayFile(options: ReplayOptions): Promise<{ summary: string; line: string }> {
  const { policy, out } = options
  const { config, sha256 } = readReplayConfig(await readText(options.config), options.config)
  const trace = await readTraceCsv(options.input, options.series)
  const scene = sceneOf(trace, config)
  const run = replay(scene, policy)
  const { totalCost } = clairvoyant(scene, { keepObjective: false })
  // A relaxation of what any policy can do: below it, one of the two is computed wrongly.
  if (run.scores.totalCost < totalCost * (1 - 1e-9))
    throw new Error(
      `${policy} costs ${run.scores.totalCost}, less than the optimum ${totalCost}: a fault of the replay.`,
    )
  const facts = { clairvoyantTotalCost: totalCost, leadSeed: config.leadSeed, configSha256: sha256 }
  const summary = summaryJson(trace, scene, run, facts)
  await writeWhole(out, { 'steps.csv': stepsCsv(trace, scene, run), 'summary.json': summary })
  const { scores } = run
  const against = totalCost > 0 ? ` (${(scores.totalCost / totalCost).toFixed(3)} × the optimum)` : ''
  const line = `${policy} over ${scores.steps} steps of ${trace.seriesId}: cost ${scores.totalCost.toFixed(2)}${against}, p99 ${scores.p99Seconds.toFixed(3)} s, ${(100 * scores.violationShareDemand).toFixed(2)}% of demand beyond the objective; written to ${out}`
  return { summary, line }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new InvalidInputError(
      missing
        ? `There is no file ${path}.`
        : `${path} cannot be read: ${error instanceof Error ? error.message : error}`,
    )
  }
}

async function writeWhole(folder: string, files: Record<string, string>): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, `${name}.partial`), text)
    for (const name of Object.keys(files)) await rename(join(folder, `${name}.partial`), join(folder, name))
  } catch (error) {
    throw new InvalidInputError(
      `${folder} cannot be written: ${error instanceof Error ? error.message : error}`,
    )
  }
}
