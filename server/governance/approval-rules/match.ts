import type { ActionKind, RuleScope, RuleWorkload } from '../../plan/contract.ts'
import { inScope } from '../../plan/index.ts'
import {
  type ApprovalRule,
  type AutomationLevelName,
  type AutomationRule,
  automationLevels,
  type Clause,
  type FailSafeRule,
  failSafes,
  type Origin,
} from './contract.ts'

/** What a proposal is, to the rules of approval. Money in USD per hour. */
export type ApprovalFacts = {
  /** Every workload that its actions touch. */
  workloads: Pick<RuleWorkload, 'name' | 'team' | 'environment' | 'dataClassification'>[]
  kinds: ActionKind[]
  origin: Origin
  costChangePerHourUsd: number
  /** Other workloads that stand on the same capacity. */
  sharedWith: number
}

/** What holds where no rule says more. */
export const oneApprover: Clause = { rule: null, approvers: 1, teams: 1, from: [] }

type About = { scope: RuleScope; kinds?: ActionKind[] | undefined }

/** A rule is about a proposal if it is about one of the workloads that it touches and one of the kinds of its actions. */
export function isAbout({ scope, kinds }: About, facts: Pick<ApprovalFacts, 'workloads' | 'kinds'>): boolean {
  return (
    facts.workloads.some((workload) => inScope(scope, workload)) &&
    (kinds === undefined || kinds.some((kind) => facts.kinds.includes(kind)))
  )
}

/** What is asked for, rule by rule. All of it has to be met, so that one more rule never makes it less. */
export function clausesOf(rules: readonly ApprovalRule[], facts: ApprovalFacts): Clause[] {
  const clauses = rules
    .filter((rule) => isAbout(rule, facts) && applies(rule, facts))
    .map(
      ({ name, approvers, teams, from }): Clause => ({
        rule: name,
        approvers,
        teams,
        from: [...new Set(from)],
      }),
    )
  return clauses.length > 0 ? clauses : [oneApprover]
}

function applies({ when }: ApprovalRule, facts: ApprovalFacts): boolean {
  const { costChangePerHourUsd: cost, sharedWith, origins } = when
  return (
    (cost === undefined || facts.costChangePerHourUsd >= cost) &&
    (sharedWith === undefined || facts.sharedWith >= sharedWith) &&
    (origins === undefined || origins.includes(facts.origin))
  )
}

/** The least of all levels, of the bounds of the workloads and of every rule that is about the proposal. */
export function leastLevel(levels: readonly AutomationLevelName[]): AutomationLevelName {
  const rank = Math.min(...levels.map((level) => automationLevels.indexOf(level)))
  return automationLevels[rank] ?? 'observe'
}

export function automationRulesFor(
  rules: readonly AutomationRule[],
  facts: Pick<ApprovalFacts, 'workloads' | 'kinds'>,
) {
  return rules.filter((rule) => isAbout(rule, facts))
}

/** The fail-safe that acts least, of all rules that are about the proposal; null where none is. */
export function failSafeFor(
  rules: readonly FailSafeRule[],
  facts: Pick<ApprovalFacts, 'workloads' | 'kinds'>,
): FailSafeRule | null {
  const found = rules.filter((rule) => isAbout(rule, facts))
  const least = (rule: FailSafeRule) =>
    [failSafes.indexOf(rule.fallback), rule.maxCostChangePerHourUsd ?? 0] as const
  const [first] = found.toSorted((a, b) => least(a)[0] - least(b)[0] || least(a)[1] - least(b)[1])
  return first ?? null
}
