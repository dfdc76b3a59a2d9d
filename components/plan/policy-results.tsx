import { Check, TriangleAlert, X } from 'lucide-react'
import type { PolicyResult } from '../../server/plan/contract.ts'
import { Section } from '../ui/facts.tsx'
import { formatCount } from '../ui/format.ts'
import { ruleName } from './words.ts'

/** Every rule with its limit and what the plan makes of it; what fails stands first. */
export function PolicyResults({ results, version }: { results: readonly PolicyResult[]; version: number }) {
  const failed = results.filter((result) => !result.passed)
  const sorted = [...failed, ...results.filter((result) => result.passed)]
  const summary = failed.length
    ? `${formatCount(failed.length, 'rule')} failed, ${results.length - failed.length} passed`
    : `${formatCount(results.length, 'rule')} passed`
  return (
    <Section
      title="Policy"
      aside={<span className="text-muted text-xs">{`${summary} · version ${version}`}</span>}
    >
      <ul>
        {sorted.map((result) => (
          <li key={result.rule} className="flex min-h-7 items-baseline gap-2 border-b py-1 last:border-b-0">
            <Mark result={result} />
            <span className="flex-1">
              {ruleName(result.rule)}
              {result.passed ? null : (
                <span className="block text-muted text-xs">
                  {result.message} ({result.enforcement})
                </span>
              )}
            </span>
            <span className="num flex flex-wrap justify-end gap-x-3 text-right text-xs">
              <span className="text-faint">{result.limit}</span>
              <span>{result.actual}</span>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Mark({ result }: { result: PolicyResult }) {
  if (result.passed) return <Check aria-label="passed" className="size-3.5 translate-y-0.5 text-verified" />
  if (result.enforcement === 'hard-mandatory') {
    return <X aria-label="failed" className="size-3.5 translate-y-0.5 text-breach" />
  }
  return <TriangleAlert aria-label="not met" className="size-3.5 translate-y-0.5 text-wait" />
}
