import type { AnyRule } from './sections.ts'

/** What a rule is about: "environment production, scale". */
export function aboutText({ scope, kinds }: Pick<AnyRule, 'scope' | 'kinds'>): string {
  const words = [
    scope.workload && `workload ${scope.workload}`,
    scope.team && `team ${scope.team}`,
    scope.environment && `environment ${scope.environment}`,
    scope.dataClassification && `${scope.dataClassification} data`,
    kinds?.join(', '),
  ].filter(Boolean)
  return words.length > 0 ? words.join(', ') : 'everything'
}

/** What a rule asks for or does: "2 approvers from 2 different teams of sre, chat". */
export function saysText(rule: AnyRule): string {
  if ('approvers' in rule) {
    const { approvers, teams, from } = rule
    const people = approvers === 1 ? '1 approver' : `${approvers} approvers`
    if (teams > 1)
      return `${people} from ${teams} different teams${from.length > 0 ? ` of ${from.join(', ')}` : ''}`
    return from.length > 0 ? `${people} from ${from.join(', ')}` : people
  }
  if ('fallback' in rule) {
    const words = {
      expire: 'it expires, and nothing is changed',
      hold: 'nothing is changed, and it stays, overdue',
      'scale-up': `what only adds capacity is approved, up to +$${rule.maxCostChangePerHourUsd ?? 0}/h`,
    }
    return words[rule.fallback]
  }
  const { level, bounds } = rule
  if (!bounds) return level
  const falls = bounds.falls ? 'rises and falls' : 'rises alone'
  return `automatic: ${falls} of at most ${bounds.maxChange}, +$${bounds.maxCostChangePerHourUsd}/h, ${Math.round(bounds.minConfidence * 100)} % sure`
}

/** When an approval rule applies, beside what it is about. */
export function whenText(rule: AnyRule): string {
  if (!('approvers' in rule)) return ''
  const { costChangePerHourUsd: cost, sharedWith, origins } = rule.when
  return [
    cost === undefined ? '' : `from +$${cost}/h`,
    sharedWith === undefined ? '' : `${sharedWith} or more others on the same capacity`,
    origins === undefined ? '' : `if ${origins.join(' or ')}`,
  ]
    .filter(Boolean)
    .join(', ')
}
