import { authorise, type Verb } from '../../kernel/context.ts'
import { InvalidInputError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import {
  type CheckWrittenInput,
  checkWrittenInput,
  type Rule,
  type WrittenCheck,
} from '../../plan/contract.ts'
import { checkWritten as check } from '../../plan/index.ts'

/** What is wrong with written policies, and what their tests bring. Keeps nothing. */
export async function checkWritten({ ctx, input }: Verb<CheckWrittenInput>): Promise<WrittenCheck> {
  authorise(ctx, 'policy.read')
  const { text, tests } = parseInput(checkWrittenInput, input, 'written policy')
  return check(text, tests)
}

/** @throws InvalidInputError that names the first written rule which Cedar cannot read, and where */
export function requireReadable(rules: readonly Rule[]): void {
  for (const [index, rule] of rules.entries()) {
    if (rule.kind !== 'written') continue
    const fault = check(rule.text, []).problems.find(({ severity }) => severity === 'error')
    if (fault === undefined) continue
    const where = fault.line === null ? '' : `line ${fault.line}, column ${fault.column}: `
    throw new InvalidInputError(`The rule "${rule.name}" is not valid Cedar: ${where}${fault.message}`, [
      {
        path: `rules.${index}.text`,
        message: `${where}${fault.message}`,
        ...(fault.help === null ? {} : { expected: fault.help }),
      },
    ])
  }
}

/** The tests of written rules that do not hold, as "rule: test". */
export function failingTests(rules: readonly Rule[]): string[] {
  return rules.flatMap((rule) =>
    rule.kind === 'written'
      ? check(rule.text, rule.tests)
          .tests.filter(({ passed }) => !passed)
          .map(({ name, why }) => `${rule.name}: ${name} (${why})`)
      : [],
  )
}
