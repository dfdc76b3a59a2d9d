import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { exportDeclaration } from '../runtime/index.ts'
import type { Enter } from './enter.ts'

/** Adds `infrasage export`. */
export function registerExportCommand(program: Command, enter: Enter): void {
  program
    .command('export')
    .description(
      'Write what is declared as YAML that `infrasage apply` takes; no credentials, always in the same order',
    )
    .option('--out <file>', 'the file to write, instead of the standard output')
    .action(async ({ out }: { out?: string }) => {
      const yaml = await enter((ctx) => exportDeclaration({ ctx }))
      if (out === undefined) process.stdout.write(yaml)
      else {
        await writeFile(out, yaml)
        process.stdout.write(`Written to ${out}\n`)
      }
    })
}
