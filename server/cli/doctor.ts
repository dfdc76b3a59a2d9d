import type { Command } from 'commander'
import { doctor } from '../runtime/index.ts'

/** Adds `infrasage doctor`. Exit 0 only if everything it looked at is right. */
export function registerDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('Look at everything that a working installation rests on; changes nothing')
    .option('--json', 'print the findings as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const checks = await doctor()
      const words = checks.map(
        ({ name, ok, detail }) => `${ok ? 'ok   ' : 'WRONG'} ${name.padEnd(12)} ${detail}\n`,
      )
      process.stdout.write(json ? `${JSON.stringify(checks)}\n` : words.join(''))
      process.exitCode = checks.every((each) => each.ok) ? 0 : 1
    })
}
