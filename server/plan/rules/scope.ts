import { inScope, type Rule, type RuleScope, type RuleWorkload } from '../contract.ts'

/** Workloads that share one limit of a rule; `label` is how a person calls them together. */
export type LimitGroup = { key: string; label: string; workloads: RuleWorkload[] }

/** How the workloads in scope share a rule's limit. */
export function groupsOf(
  rule: { scope: RuleScope; per: 'workload' | 'team' | 'environment' | 'scope' },
  workloads: readonly RuleWorkload[],
): LimitGroup[] {
  const groups = Map.groupBy(
    workloads.filter((workload) => inScope(rule.scope, workload)),
    (workload) => keyOf(rule.per, workload),
  )
  return [...groups].map(([key, members]) => ({ key, label: labelOf(rule, key), workloads: members }))
}

function keyOf(per: 'workload' | 'team' | 'environment' | 'scope', workload: RuleWorkload): string {
  if (per === 'workload') return workload.name
  if (per === 'team') return workload.team
  return per === 'environment' ? workload.environment : ''
}

function labelOf({ scope, per }: { scope: RuleScope; per: string }, key: string): string {
  if (per === 'workload') return key
  return per === 'scope' ? scopeWords(scope) : `${per} ${key}`
}

/** "team chat, environment production"; "everything" where nothing is given. */
function scopeWords(scope: RuleScope): string {
  const words = [
    scope.workload && `workload ${scope.workload}`,
    scope.team && `team ${scope.team}`,
    scope.environment && `environment ${scope.environment}`,
    scope.dataClassification && `${scope.dataClassification} data`,
  ].filter((part) => part !== undefined)
  return words.length > 0 ? words.join(', ') : 'everything'
}

/** Whether a limit of the rule is shared by several workloads, so that the others have to be known. */
export function isShared(rule: Rule): boolean {
  return 'per' in rule && rule.per !== 'workload'
}
