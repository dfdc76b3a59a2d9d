import { checkParsePolicySet, type DetailedError, validate } from '@cedar-policy/cedar-wasm/nodejs'
import type { WrittenCheck, WrittenProblem, WrittenTest, WrittenTestResult } from '../../contract.ts'
import { policiesOf, writtenJudge } from './policies.ts'
import { tooMuchForCedar } from './recursion.ts'
import { usualChange } from './request.ts'
import { cedarSchema } from './schema.ts'

/**
 * Reads a text as Cedar, strictly against what a plan has (`cedarSchema`), and runs its tests once nothing is wrong. A
 * policy that permits is an error: it would change nothing, as everything is permitted that nothing forbids.
 */
export function checkWritten(text: string, tests: readonly WrittenTest[]): WrittenCheck {
  const policies = policiesOf(text) ?? []
  const problems = problemsOf(text, policies)
  const ok = problems.every(({ severity }) => severity !== 'error')
  return {
    problems,
    policies: policies.map(({ id }) => id),
    tests: ok ? tests.map((test) => runTest(writtenJudge(text), test)) : [],
  }
}

function problemsOf(text: string, policies: ReturnType<typeof policiesOf> & object): WrittenProblem[] {
  if (text.trim() === '')
    return [problem(text, 'error', 'There is no policy yet.', 'Write forbid (…);', null)]
  const tooMuch = tooMuchForCedar(text)
  if (tooMuch !== null) return [problem(text, 'error', tooMuch.message, tooMuch.help, tooMuch.offset)]
  const parsed = checkParsePolicySet({ staticPolicies: text })
  if (parsed.type === 'failure') return parsed.errors.map((error) => cedarProblem(text, 'error', error))
  const checked = validate({
    validationSettings: { mode: 'strict' },
    schema: cedarSchema,
    policies: { staticPolicies: text },
  })
  if (checked.type === 'failure') return checked.errors.map((error) => cedarProblem(text, 'error', error))
  const named = policies.map(({ id }) => id)
  return [
    ...checked.validationErrors.map(({ error }) => cedarProblem(text, 'error', error)),
    ...policies
      .filter(({ effect }) => effect === 'permit')
      .map(({ offset, id }) =>
        problem(
          text,
          'error',
          `"${id}" permits, which changes nothing: all is permitted that no policy forbids.`,
          'Write forbid, or leave it out.',
          offset,
        ),
      ),
    ...policies
      .filter(({ id }, index) => named.indexOf(id) !== index)
      .map(({ offset, id }) => problem(text, 'error', `Two policies are called "${id}".`, null, offset)),
    ...[...checked.validationWarnings.map(({ error }) => error), ...checked.otherWarnings].map((error) =>
      cedarProblem(text, 'warning', error),
    ),
  ]
}

function runTest(judge: ReturnType<typeof writtenJudge>, test: WrittenTest): WrittenTestResult {
  const { forbidden, fault } = judge({ ...usualChange, ...test.given })
  const got = forbidden.length > 0 || fault !== null ? 'forbid' : 'permit'
  const why = fault ?? (forbidden.map(({ id }) => id).join(', ') || 'no policy forbids it')
  return { name: test.name, passed: fault === null && got === test.expect, got, why }
}

function cedarProblem(
  text: string,
  severity: WrittenProblem['severity'],
  error: DetailedError,
): WrittenProblem {
  const [place] = error.sourceLocations ?? []
  const message = [error.message.replace(/^for policy `policy\d+`, /, ''), place?.label]
    .filter(Boolean)
    .join('; ')
  return problem(text, severity, message, error.help ?? null, place ? charactersIn(text, place.start) : null)
}

/** Cedar counts bytes of UTF-8. */
function charactersIn(text: string, bytes: number): number {
  return Buffer.from(text, 'utf8').subarray(0, bytes).toString('utf8').length
}

function problem(
  text: string,
  severity: WrittenProblem['severity'],
  message: string,
  help: string | null,
  offset: number | null,
): WrittenProblem {
  if (offset === null) return { severity, message, help, line: null, column: null }
  const before = text.slice(0, offset).split('\n')
  return { severity, message, help, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
