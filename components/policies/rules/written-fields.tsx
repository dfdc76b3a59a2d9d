'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import type { WrittenCheck } from '../../../server/plan/contract.ts'
import { errorMessageOf } from '../../api/errors.ts'
import { useTRPC } from '../../api/provider.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Field, Textarea } from '../../ui/field.tsx'
import type { FormErrors, RuleForm } from './rule-form-state.ts'
import { factNames, readTests } from './written-tests.ts'

type WrittenProps = {
  form: RuleForm
  errors: FormErrors
  change: (part: Partial<RuleForm>) => void
}

/** The editor of written policies: read by Cedar while one types, and tried by the tests beside them. */
export function WrittenFields({ form, errors, change }: WrittenProps) {
  const trpc = useTRPC()
  const text = useDeferredValue(form.text)
  const tests = useDeferredValue(form.tests)
  const check = useQuery(
    trpc.rules.checkWritten.queryOptions(
      { text, tests: readTests(tests).tests },
      { placeholderData: keepPreviousData, retry: false },
    ),
  )
  return (
    <>
      <Field
        label="Policies"
        className="sm:col-span-2"
        hint="Only forbid: all is permitted that no policy forbids. @id names a policy, @message is told to whoever it refuses."
        error={errors.text}
      >
        {(ids) => (
          <Textarea
            {...ids}
            rows={12}
            spellCheck={false}
            className="num whitespace-pre text-xs"
            value={form.text}
            onChange={({ target }) => change({ text: target.value })}
          />
        )}
      </Field>
      <div className="sm:col-span-2" aria-live="polite">
        {check.error ? (
          <p className="text-breach text-xs">It could not be checked: {errorMessageOf(check.error)}</p>
        ) : check.data ? (
          <Findings check={check.data} />
        ) : (
          <p className="text-muted text-xs">Checking</p>
        )}
      </div>
      <Field
        label="Tests"
        className="sm:col-span-2"
        hint={`A line each: a name, permit or forbid, and what differs from a usual action. Facts: ${factNames.join(', ')}.`}
        error={errors.tests}
      >
        {(ids) => (
          <Textarea
            {...ids}
            rows={4}
            spellCheck={false}
            className="num whitespace-pre text-xs"
            value={form.tests}
            onChange={({ target }) => change({ tests: target.value })}
          />
        )}
      </Field>
      {check.data ? <TestResults check={check.data} /> : null}
    </>
  )
}

function Findings({ check: { problems, policies } }: { check: WrittenCheck }) {
  if (problems.length === 0) {
    return (
      <p className="text-muted text-xs">
        Cedar reads {policies.length === 1 ? 'one policy' : `${policies.length} policies`}:{' '}
        {policies.join(', ')}
      </p>
    )
  }
  return (
    <ul className="flex flex-col gap-1 text-xs">
      {problems.map(({ severity, message, help, line, column }) => (
        <li
          key={`${line}:${column}:${message}`}
          className={severity === 'error' ? 'text-breach' : 'text-wait'}
        >
          {line === null ? null : (
            <span className="num">
              line {line}, column {column}:{' '}
            </span>
          )}
          {message}
          {help ? <span className="text-muted"> {help}</span> : null}
        </li>
      ))}
    </ul>
  )
}

function TestResults({ check: { tests, problems } }: { check: WrittenCheck }) {
  if (problems.some(({ severity }) => severity === 'error')) {
    return (
      <p className="text-muted text-xs sm:col-span-2">Tests run once nothing is wrong with the policies.</p>
    )
  }
  return (
    <ul className="flex flex-col gap-1 text-xs sm:col-span-2" aria-label="What the tests brought">
      {tests.map(({ name, passed, got, why }) => (
        <li key={name} className="flex items-center gap-2">
          <Badge tone={passed ? 'verified' : 'breach'}>{passed ? 'passes' : 'fails'}</Badge>
          <span>
            {name}: {got === 'forbid' ? 'forbidden' : 'permitted'} <span className="text-muted">({why})</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
