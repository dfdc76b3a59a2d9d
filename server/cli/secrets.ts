import type { Command } from 'commander'
import { forgetOldEncryptionKeys, type Resealed, renewEncryptionKey, reseal } from '../runtime/index.ts'
import type { Enter } from './enter.ts'

type Options = { newKey?: boolean; forgetOld?: boolean; json?: boolean }

/** Adds `infrasage secrets rotate`. */
export function registerSecretsCommands(program: Command, enter: Enter): void {
  program
    .command('secrets')
    .description('Stored credentials and the key that they are sealed under')
    .command('rotate')
    .description(
      'Seal all stored credentials anew under the present encryption key; exit 1 if one does not open',
    )
    .option(
      '--new-key',
      'make a new key first, where the key is kept in the data folder; while InfraSage is stopped',
    )
    .option(
      '--forget-old',
      'drop the old keys of the data folder afterwards; backups that they sealed open no more',
    )
    .option('--json', 'print the result as JSON')
    .action(async ({ newKey, forgetOld, json }: Options) => {
      if (newKey) await renewEncryptionKey(process.env)
      const results = await enter((ctx) => reseal(ctx))
      const whole = results.every(({ unopened }) => unopened.length === 0)
      if (forgetOld && whole) await forgetOldEncryptionKeys(process.env)
      process.stdout.write(json ? `${JSON.stringify(results)}\n` : results.map(words).join(''))
      process.exitCode = whole ? 0 : 1
    })
}

function words({ table, current, resealed, unopened }: Resealed): string {
  const lost = unopened.length ? `; no key opens ${unopened.join(', ')}: enter these anew` : ''
  return `${table.padEnd(14)} ${resealed} sealed anew, ${current} under the present key${lost}\n`
}
