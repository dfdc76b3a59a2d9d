import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { InvalidInputError } from '../kernel/errors.ts'
import { signalName } from '../telemetry/contract.ts'
import { importCsv } from '../telemetry/index.ts'
import type { Enter } from './enter.ts'

type Options = { workload: string; signal: string; series?: string; json?: boolean }

/** Adds `infrasage import`. */
export function registerImportCommand(program: Command, enter: Enter): void {
  program
    .command('import')
    .description('Back-fill a signal of a workload from a CSV file; the same file again changes nothing')
    .argument('<file>', 'columns timestamp,value or series_id,timestamp,value; ISO UTC or epoch seconds')
    .requiredOption('--workload <name>', 'the workload that the values belong to')
    .requiredOption('--signal <name>', `one of ${signalName.options.join(', ')}`)
    .option('--series <id>', 'which series to take, when the file holds several')
    .option('--json', 'print the receipt as JSON')
    .action(async (file: string, { workload, signal, series, json }: Options) => {
      const known = signalName.safeParse(signal)
      if (!known.success) {
        throw new InvalidInputError(
          `There is no signal "${signal}"; signals are ${signalName.options.join(', ')}.`,
        )
      }
      const csv = await readText(file)
      const input = { workload, signal: known.data, csv, series }
      const receipt = await enter((ctx) => importCsv({ ctx, input }))
      const { rows, gaps, stored, replaced, duplicates, from, to } = receipt
      const words = `${rows} rows from ${from} to ${to}: ${stored} stored, ${replaced} replaced, ${duplicates} already there, ${gaps} gaps`
      process.stdout.write(json ? `${JSON.stringify(receipt)}\n` : `${words}\n`)
    })
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new InvalidInputError(`${file} cannot be read: ${why}`)
  }
}
