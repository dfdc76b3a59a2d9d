import type { Command } from 'commander'
import type { Reproduction } from '../forecast/contract.ts'
import { reproduceForecast } from '../forecast/index.ts'
import type { Enter } from './enter.ts'

/** Adds `infrasage reproduce`. */
export function registerReproduceCommand(program: Command, enter: Enter): void {
  program
    .command('reproduce')
    .description('Make a stored forecast again from what is stored; exit 0 only if every byte is the same')
    .argument('<forecast>', 'id of the forecast, as the workload page and the API show it')
    .option('--json', 'print the result as JSON')
    .action(async (forecastId: string, { json }: { json?: boolean }) => {
      const result = await enter((ctx) => reproduceForecast({ ctx, input: { forecastId } }))
      process.stdout.write(json ? `${JSON.stringify(result)}\n` : describeReproduction(result))
      process.exitCode = result.same ? 0 : 1
    })
}

/** The result in words, ending in a line break. */
export function describeReproduction(result: Reproduction): string {
  const { same, possible, text, stateHash, storedStateHash, modelVersion, differences } = result
  const verdict = same ? 'SAME' : possible ? 'DIFFERENT' : 'OUT OF REACH'
  const lines = [`${verdict}: ${text}`, `Model version ${modelVersion}, state ${storedStateHash}.`]
  if (stateHash !== null && stateHash !== storedStateHash) lines.push(`The state came out as ${stateHash}.`)
  for (const { path, stored, reproduced } of differences) {
    lines.push(`  ${path}: stored ${stored}, made again ${reproduced}`)
  }
  return `${lines.join('\n')}\n`
}
