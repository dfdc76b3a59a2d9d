import { type Command, InvalidArgumentError, Option } from 'commander'
import { InvalidInputError, NotFoundError } from '../kernel/errors.ts'
import { dataDirOf, readSandboxAccess } from '../runtime/index.ts'
import { sandboxClient } from '../sandbox/index.ts'
import type { Enter } from './enter.ts'
import { parseStep, wholeNumber } from './forecast.ts'
import { registerSceneCommands } from './scene.ts'
import { readSeriesCsv } from './series-csv.ts'

type PlayOptions = {
  series?: string
  workload: string
  step: number
  speed: number
  scale: number
  history: number
  json?: boolean
}

/** Adds `infrasage sandbox play`, `infrasage sandbox stop` and the commands of scenes. */
export function registerSandboxCommands(program: Command, enter: Enter): void {
  const sandbox = program
    .command('sandbox')
    .description('Steer the simulated cloud of an installation that runs')
  sandbox
    .command('play <file>')
    .description('Let a trace stand in for the demand of a simulated workload, from now on')
    .requiredOption('--workload <name>', 'workload of the sandbox')
    .addOption(
      new Option('--step <duration>', 'time between the values of the file, such as 10s')
        .argParser(parseStep)
        .makeOptionMandatory(),
    )
    .option('--series <id>', 'series of the file; may be left out when there is one only')
    .option('--speed <factor>', 'how many times faster than it was recorded', positive, 1)
    .option('--scale <factor>', 'factor on every value', positive, 1)
    .option('--history <steps>', 'steps that are taken to have happened already', wholeNumber(0, 1e6), 0)
    .option('--json', 'print the answer as JSON')
    .action(async (file: string, options: PlayOptions) => {
      const { workload, speed, scale, history: historySteps } = options
      const steps = await readTrace(file, options)
      const body = { workload, steps, stepSeconds: options.step, speed, scale, historySteps }
      const answer = await client().play(body)
      const text = `${answer.steps} steps of ${answer.secondsPerStep} s on ${answer.workload}, from ${answer.from} until ${answer.until}`
      process.stdout.write(`${options.json ? JSON.stringify(answer) : text}\n`)
    })
  sandbox
    .command('stop')
    .description('End the trace; the workload goes back to its own demand')
    .requiredOption('--workload <name>', 'workload of the sandbox')
    .action(async ({ workload }: { workload: string }) => {
      await client().stop(workload)
      process.stdout.write(`${workload} has its own demand again\n`)
    })
  registerSceneCommands(sandbox, enter)
}

function client() {
  const access = readSandboxAccess(dataDirOf(process.env))
  if (!access) throw new NotFoundError('sandbox in data folder', dataDirOf(process.env))
  return sandboxClient(access)
}

/** The values of one series on its grid; a gap keeps the value before it. */
async function readTrace(file: string, { series: id, step }: PlayOptions): Promise<number[]> {
  const all = await readSeriesCsv(file, step)
  const found = id === undefined && all.length === 1 ? all[0] : all.find((series) => series.id === id)
  if (!found) {
    const names = all.map((series) => series.id).join(', ')
    throw new InvalidInputError(`Choose a series by --series; ${file} holds ${names}.`)
  }
  let last = 0
  return found.values.map((value) => {
    if (!Number.isNaN(value)) last = value
    return last
  })
}

function positive(text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('a number above 0 is expected')
}
