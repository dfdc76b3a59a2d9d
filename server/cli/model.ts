import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import {
  baseHash,
  type ForgettingTest,
  SHIPPED_RECIPE,
  type StoredBase,
  trainBase,
} from '../forecast/index.ts'
import { refitBase } from '../governance/index.ts'
import type { Enter } from './enter.ts'

/** Adds `infrasage model …`. */
export function registerModelCommands(program: Command, enter: Enter): void {
  const model = program.command('model').description("The base that all workloads' neural nets share")
  model
    .command('train')
    .description(
      'Train the shipped base anew from seeded synthetic demand; the same seed gives the same bytes',
    )
    .requiredOption('--out <file>', 'where the base is written, as JSON')
    .action(({ out }: { out: string }) => {
      const base = trained()
      writeFileSync(out, `${JSON.stringify(base, null, 2)}\n`)
      process.stdout.write(`${base.version} of ${base.trainedRows} rows, SHA-256 ${baseHash(base)}: ${out}\n`)
    })
  model
    .command('refit')
    .description(
      'Refit the live base on what the workloads keep of their past; a person decides whether it goes live',
    )
    .option('--json', 'print the result as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { id, version, parent, test } = await enter((ctx) => refitBase({ ctx }))
      const passed = test?.passed === true
      if (json) process.stdout.write(`${JSON.stringify({ id, version, parent, passed, test })}\n`)
      else process.stdout.write(`${version}, from ${parent}, ${verdict(passed, test?.worst ?? null)}\n`)
    })
}

function verdict(passed: boolean, worst: ForgettingTest['worst']): string {
  const most = worst === null ? '' : ` Worst change of loss: ${percent(worst.change)} (${worst.name}).`
  return passed
    ? `passed its forgetting test and waits for a decision.${most}`
    : `failed its forgetting test and cannot go live.${most}`
}

const percent = (share: number): string => `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)}%`

function trained(): StoredBase {
  const training = trainBase(SHIPPED_RECIPE)
  for (let pass = 1; ; pass++) {
    const { done, value } = training.next()
    if (done) return value
    process.stderr.write(`pass ${pass} of ${SHIPPED_RECIPE.passes}: mean loss ${value.toFixed(4)}\n`)
  }
}
