import type { Context } from '../../kernel/context.ts'
import type { ErrorDetail } from '../../kernel/errors.ts'
import { checkEntries } from './check.ts'
import { type Current, readCurrent } from './current.ts'
import { type Diff, diffEntries } from './diff.ts'
import { entriesOf } from './entries.ts'
import { type DeclaredFile, refuse } from './read-file.ts'
import { warnings } from './warn.ts'

/** A file held against what exists, in which nothing was found that stands against applying it. */
export type Comparison = { current: Current; diff: Diff; warnings: ErrorDetail[] }

/** @throws InvalidInputError listing everything that stands against applying the file, each with its line */
export async function compare(ctx: Context, { name, declaration, tell }: DeclaredFile): Promise<Comparison> {
  const current = await readCurrent(ctx)
  const wanted = entriesOf(declaration)
  const diff = diffEntries(wanted, current.entries)
  const problems = checkEntries(diff.changes, current)
  if (problems.length > 0) throw refuse(name, problems.map(tell))
  return { current, diff, warnings: warnings(wanted, current.entries).map(tell) }
}
