import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { setPolicyInput } from '../governance/contract.ts'
import { ConflictError, type ErrorDetail, InvalidInputError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import {
  applyChanges,
  type Comparison,
  compare,
  describeDiff,
  pending,
  readDeclaration,
} from '../runtime/index.ts'
import type { Enter } from './enter.ts'

type Options = { file: string; yes?: boolean; reason?: string; json?: boolean }

/** Adds `infrasage apply`. */
export function registerApplyCommand(program: Command, enter: Enter): void {
  program
    .command('apply')
    .description(
      'Make workloads, mappings, domains, targets, pools and policies be as a YAML file declares; shows the difference first',
    )
    .requiredOption('-f, --file <file>', 'the file; `infrasage export` writes one')
    .option('--yes', 'apply without asking; without it and without a terminal, the difference is only shown')
    .option('--reason <text>', 'stands beside new versions of policies (default: "applied from FILE")')
    .option('--json', 'print the difference, and whether it was applied, as JSON; asks nothing')
    .addHelpText(
      'after',
      '\nThe file is checked whole before anything changes. Changes are then made one by one in order of dependency, each in' +
        '\na transaction of its own: when one is refused, those before it stay, and applying again goes on from there.' +
        '\nWhat exists and is not in the file is left alone. docs/declaring.md has a complete example.',
    )
    .action(async ({ file, yes = false, reason: given, json = false }: Options) => {
      const declared = readDeclaration(await readText(file), file)
      const reason = parseInput(setPolicyInput.shape.reason, given ?? `applied from ${file}`, 'reason')
      await enter(async (ctx) => {
        const seen = await compare(ctx, declared)
        const todo = pending(seen.diff)
        if (!json) process.stdout.write(describeDiff(seen.diff) + describeWarnings(seen.warnings))
        const go = todo.length > 0 && (yes || (!json && (await confirmed(todo.length))))
        if (go) {
          const now = yes ? seen : await compare(ctx, declared)
          if (JSON.stringify(pending(now.diff)) !== JSON.stringify(todo))
            throw new ConflictError(
              'Something changed while you looked; nothing was changed here. Apply again.',
            )
          await applyChanges(ctx, todo, now.current, reason)
        }
        if (json) process.stdout.write(`${JSON.stringify(asJson(seen, go))}\n`)
        else process.stdout.write(outcome(go, todo.length))
      })
    })
}

const asJson = ({ diff, warnings }: Comparison, applied: boolean) => ({
  applied,
  changes: diff.changes.map(({ kind, entry: { section, name }, fields }) => ({
    kind,
    section,
    name,
    fields,
  })),
  leftAlone: diff.leftAlone,
  warnings: warnings.map(({ path, message }) => ({ place: path, message })),
})

const describeWarnings = (warnings: ErrorDetail[]) =>
  warnings.map(({ path, message }) => `Warning: ${path}: ${message}\n`).join('')

function outcome(applied: boolean, count: number): string {
  if (applied)
    return `Applied: ${count === 1 ? 'one change' : `${count} changes`}, each by itself and logged.\n`
  return count === 0 ? 'Nothing to change.\n' : 'Nothing was changed. --yes applies this.\n'
}

/** Asks whoever sits at the terminal; nobody there is a no. */
async function confirmed(count: number): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const question = `Apply ${count === 1 ? 'this change' : `these ${count} changes`}? [y/N] `
    const answer = await terminal.question(question)
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    // Ctrl-C and Ctrl-D are a no.
    if (error instanceof Error && error.name === 'AbortError') return false
    throw error
  } finally {
    terminal.close()
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new InvalidInputError(`${file} cannot be read: ${why}`)
  }
}
