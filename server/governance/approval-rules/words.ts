import type {
  ApprovalDifference,
  ApprovalPolicy,
  ApprovalRule,
  AutomationLevelName,
  AutomationRule,
  Clause,
  FailSafeRule,
} from './contract.ts'

/** "2 approvers from 2 different teams of sre, chat". */
export function clauseWords({ approvers, teams, from }: Omit<Clause, 'rule'>): string {
  const people = approvers === 1 ? '1 approver' : `${approvers} approvers`
  const named = from.length > 0 ? ` ${from.join(', ')}` : ''
  if (teams > 1) return `${people} from ${teams} different teams${named ? ` of${named}` : ''}`
  return named ? `${people} from${named}` : people
}

/** What is asked for of a proposal, with its level. */
export function askedWords(clauses: readonly Clause[], level: AutomationLevelName): string {
  if (level === 'observe' || level === 'recommend') return level
  const asked = [...new Set(clauses.map(clauseWords))].join('; ')
  return level === 'automatic' ? `automatic within bounds, else ${asked}` : asked
}

function aboutWords({ scope, kinds }: Pick<ApprovalRule, 'scope' | 'kinds'>): string {
  const words = [
    scope.workload && `workload ${scope.workload}`,
    scope.team && `team ${scope.team}`,
    scope.environment && `environment ${scope.environment}`,
    scope.dataClassification && `${scope.dataClassification} data`,
    kinds?.join(', '),
  ].filter((part) => part !== undefined)
  return words.length > 0 ? words.join(', ') : 'everything'
}

export function approvalRuleWords(rule: ApprovalRule): string {
  const { costChangePerHourUsd, sharedWith, origins } = rule.when
  const when = [
    costChangePerHourUsd === undefined ? undefined : `from +$${costChangePerHourUsd}/h`,
    sharedWith === undefined ? undefined : `where ${sharedWith} or more others share the capacity`,
    origins === undefined ? undefined : `if ${origins.join(' or ')}`,
  ].filter((part) => part !== undefined)
  return `${[aboutWords(rule), ...when].join(', ')}: ${clauseWords(rule)}`
}

export function automationRuleWords(rule: AutomationRule): string {
  const { level, bounds } = rule
  if (!bounds) return `${aboutWords(rule)}: ${level}`
  const { maxChange, maxCostChangePerHourUsd, maxSharedWith, minConfidence, falls } = bounds
  const within = [
    `at most ${maxChange} a change`,
    `+$${maxCostChangePerHourUsd}/h`,
    `${maxSharedWith} others on the capacity`,
    `${Math.round(minConfidence * 100)} % sure`,
    falls ? 'rises and falls' : 'rises alone',
  ]
  return `${aboutWords(rule)}: ${level} within ${within.join(', ')}`
}

export function failSafeRuleWords(rule: FailSafeRule): string {
  const most = rule.maxCostChangePerHourUsd
  return `${aboutWords(rule)}: ${rule.fallback}${most === undefined ? '' : ` up to +$${most}/h`}`
}

/** What two versions do not share, in words. */
export function differencesOf(before: ApprovalPolicy, after: ApprovalPolicy): ApprovalDifference[] {
  const old = linesOf(before)
  const fresh = linesOf(after)
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((what) => ({ what, before: old.get(what) ?? null, after: fresh.get(what) ?? null }))
    .filter((line) => line.before !== line.after)
}

function linesOf({
  approvals,
  automation,
  failSafes,
  holdSeconds,
  earned,
}: ApprovalPolicy): Map<string, string> {
  const noted = (words: string, note: string | undefined) => (note ? `${words} (${note})` : words)
  const { windowDays, minDecisions, minCoverage, maxOverrideRate, minGoodOutcomes } = earned
  return new Map([
    ...approvals.map(
      (rule) => [`approval rule ${rule.name}`, noted(approvalRuleWords(rule), rule.note)] as const,
    ),
    ...automation.map(
      (rule) => [`level rule ${rule.name}`, noted(automationRuleWords(rule), rule.note)] as const,
    ),
    ...failSafes.map(
      (rule) => [`fail-safe rule ${rule.name}`, noted(failSafeRuleWords(rule), rule.note)] as const,
    ),
    ['hold before dispatch', `${holdSeconds} s`],
    [
      'earned autonomy',
      `${windowDays} days, ${minDecisions} decisions, coverage ${minCoverage}, overrides ${maxOverrideRate}, good outcomes ${minGoodOutcomes}`,
    ],
  ])
}
