import type { Action, PlanContent, PolicyResult } from '../../server/plan/contract.ts'
import { formatChange } from '../ui/format.ts'

/** What the actions do to replicas, in figures: "12 → 19". */
export function changeOf(actions: readonly Action[]): string {
  return actions.map((action) => formatChange(action.fromReplicas, action.toReplicas)).join(', ')
}

/** Where a plan acts: domain and region. */
export function placeOf(content: Pick<PlanContent, 'evidence'>): string {
  const { domain } = content.evidence.capacity
  return `${domain.title}, ${domain.region}`
}

const rules: Record<PolicyResult['rule'], string> = {
  'min-replicas': 'Minimum replicas',
  'max-replicas': 'Maximum replicas',
  'step-limit': 'Step limit',
  'cost-limit': 'Cost limit',
  'allowed-region': 'Allowed region',
  'security-tier': 'Security tier',
  quota: 'Quota',
  'telemetry-fresh': 'Telemetry fresh',
  'cost-per-hour': 'Cost per hour',
  'cost-per-month': 'Cost per month',
  jurisdictions: 'Jurisdictions',
  'rate-limit': 'Rate limit',
  freeze: 'Freeze',
  'spot-share': 'Spot share',
  carbon: 'Carbon',
}

/** The rule's name for people. */
export function ruleName(rule: PolicyResult['rule']): string {
  return rules[rule]
}
