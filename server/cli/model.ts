import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { baseHash, SHIPPED_RECIPE, type StoredBase, trainBase } from '../forecast/index.ts'

/** Adds `infrasage model …`. */
export function registerModelCommands(program: Command): void {
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
}

function trained(): StoredBase {
  const training = trainBase(SHIPPED_RECIPE)
  for (let pass = 1; ; pass++) {
    const { done, value } = training.next()
    if (done) return value
    process.stderr.write(`pass ${pass} of ${SHIPPED_RECIPE.passes}: mean loss ${value.toFixed(4)}\n`)
  }
}
