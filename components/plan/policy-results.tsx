import { Check, TriangleAlert, X } from 'lucide-react'
import type { EngineStanding, RehearsedAction } from '../../server/governance/contract.ts'
import type { PlanContent, PolicyResult } from '../../server/plan/contract.ts'
import { EngineVerdicts } from '../policies/engine/engine-verdicts.tsx'
import { EnforcementBadge } from '../policies/rules/enforcement-badge.tsx'
import { Section } from '../ui/facts.tsx'
import { formatCount } from '../ui/format.ts'
import { ComplianceFacts } from './compliance.tsx'
import { RehearsalResults } from './rehearsal.tsx'
import { ruleName } from './words.ts'

/** Every rule with its limit and what the plan makes of it; what fails stands first, with what would comply instead. */
export function PolicyResults({
  content,
  rehearsal,
  engine = null,
  onTry,
}: {
  content: PlanContent
  /** What the targets said to a dry run; null where that was not kept. */
  rehearsal: RehearsedAction[] | null
  /** What the policy engine in force says of it; none where none is asked. */
  engine?: EngineStanding | null
  /** Opens the override at a level. */
  onTry?: (replicas: number) => void
}) {
  const { policyResults: results, compliance, evidence } = content
  const failed = results.filter((result) => !result.passed)
  // Of several actions that fare alike under one bound, one line says it.
  const sorted = [...new Map([...failed, ...results].map((result) => [keyOf(result), result])).values()]
  const summary = failed.length
    ? `${formatCount(failed.length, 'rule')} failed, ${results.length - failed.length} passed`
    : `${formatCount(results.length, 'rule')} passed`
  const rules = evidence.ruleSetVersion ? `, rules ${evidence.ruleSetVersion}` : ''
  return (
    <Section
      title="Policy"
      aside={
        <span className="text-muted text-xs">{`${summary} · version ${evidence.policy.version}${rules}`}</span>
      }
    >
      {rehearsal ? <RehearsalResults content={content} rehearsal={rehearsal} /> : null}
      {compliance ? <ComplianceFacts content={content} compliance={compliance} onTry={onTry} /> : null}
      <ul>
        {sorted.map((result) => (
          <li key={keyOf(result)} className="flex min-h-7 items-baseline gap-2 border-b py-1 last:border-b-0">
            <Mark result={result} />
            <span className="flex-1">
              {ruleName(result.rule)}
              {result.name ? <span className="ml-2 font-mono text-muted text-xs">{result.name}</span> : null}
              {result.passed ? null : (
                <span className="block text-muted text-xs">
                  {result.message} <EnforcementBadge enforcement={result.enforcement} />
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
      {engine ? <EngineSays engine={engine} /> : null}
    </Section>
  )
}

function EngineSays({ engine: { verdict, enforcement } }: { engine: EngineStanding }) {
  return (
    <div className="border-t">
      {verdict === null ? (
        <p className="py-1 text-muted">
          The policy engine has not been asked about it yet. It is asked before anything is decided.
        </p>
      ) : (
        <EngineVerdicts verdicts={[verdict]} />
      )}
      {verdict?.outcome === 'deny' ? <EnforcementBadge enforcement={enforcement} /> : null}
    </div>
  )
}

function keyOf({ name, rule, limit, actual }: PolicyResult): string {
  return [name ?? rule, limit, actual].join(' · ')
}

function Mark({ result }: { result: PolicyResult }) {
  if (result.passed) return <Check aria-label="passed" className="size-3.5 translate-y-0.5 text-verified" />
  if (result.enforcement === 'hard-mandatory') {
    return <X aria-label="failed" className="size-3.5 translate-y-0.5 text-breach" />
  }
  return <TriangleAlert aria-label="not met" className="size-3.5 translate-y-0.5 text-wait" />
}
