import type { RuleWorkload } from './rule-world.ts'
import type { RuleScope } from './rules.ts'

/** Whether a rule of this scope is about the workload: all that is given must match. */
export function inScope(
  scope: RuleScope,
  workload: Pick<RuleWorkload, 'name' | 'team' | 'environment' | 'dataClassification'>,
): boolean {
  return (
    matches(scope.workload, workload.name) &&
    matches(scope.team, workload.team) &&
    matches(scope.environment, workload.environment) &&
    matches(scope.dataClassification, workload.dataClassification)
  )
}

function matches(wanted: string | undefined, actual: string): boolean {
  return wanted === undefined || wanted === actual
}
