import {
  type Action,
  type ActionKind,
  type Assessment,
  controlOf,
  type PlanContent,
  type PolicyResult,
  type Purpose,
  unitOf,
} from '../../server/plan/contract.ts'
import { formatChange, formatCount, formatNumber } from '../ui/format.ts'
import { isStaged } from './stages.ts'

const kinds: Record<ActionKind, string> = {
  scale: 'scale',
  allocate: 'allocate nodes',
  prewarm: 'prewarm',
  suspend: 'suspend',
  resume: 'resume',
  cancel: 'cancel for good',
  'right-size': 'right-size',
}

const purposes: Record<Purpose, string> = {
  capacity: 'scale',
  migrate: 'move',
  market: 'change market',
  shift: 'shift in time',
  'stop-harm': 'stop',
  'right-size': 'right-size',
}

/** What an action does, in a word or three. */
export const kindName = (kind: ActionKind): string => kinds[kind]

/** What a plan is for, as a verb. */
export const purposeName = (purpose: Purpose | undefined): string => purposes[purpose ?? 'capacity']

/** What one action sets its target to: "12 → 19 replicas", "100 → 80 % of full size", "runs → ends for good". */
export function setPointOf({ kind, fromReplicas, toReplicas }: Action): string {
  if (kind === 'cancel') return 'ends for good'
  if (kind === 'suspend') return 'runs → stands still'
  if (kind === 'resume') return 'stands still → runs'
  const unit = unitOf[controlOf[kind]]
  return `${formatChange(fromReplicas, toReplicas)} ${unit}`
}

/** What the actions do, in figures, short enough for a button: "12 → 19", "3 actions", "cancel for good". */
export function changeOf(actions: readonly Action[]): string {
  const [first] = actions
  if (first === undefined) return 'nothing'
  if (actions.length > 1) return formatCount(actions.length, 'action')
  return isStaged(actions) && (first.kind === 'cancel' || first.kind === 'suspend' || first.kind === 'resume')
    ? kindName(first.kind)
    : formatChange(first.fromReplicas, first.toReplicas)
}

/**
 * What one choice sets the targets of a plan to, in the plan's order: "19", "6 + 13", "suspend", "runs on"; what it does to other
 * targets behind it.
 */
export function levelsIn(planned: readonly Action[], { actions, effect }: Assessment): string {
  if (!isStaged(planned)) return formatNumber(effect.replicas)
  const own = planned.map((action) => {
    const chosen = actions.find(({ targetId }) => targetId === action.targetId)
    if (controlOf[action.kind] === 'run')
      return chosen ? kindName(chosen.kind) : action.fromReplicas > 0 ? 'runs on' : 'stands still'
    return formatNumber(chosen?.toReplicas ?? action.fromReplicas)
  })
  const others = actions.filter(({ targetId }) => planned.every((action) => action.targetId !== targetId))
  return [...own, ...others.map((action) => formatChange(action.fromReplicas, action.toReplicas))].join(' + ')
}

/** Ids of the workloads besides `own` whose pools the actions set; a stop names its job, also where that is the proposal's own. */
export function othersTouched(actions: readonly Action[], own: string): string[] {
  return [...new Set(actions.flatMap(({ workloadId }) => workloadId ?? []))].filter((id) => id !== own)
}

/** Where a plan acts: domain and region, and how many places more. */
export function placeOf({ actions, evidence }: Pick<PlanContent, 'actions' | 'evidence'>): string {
  const { domain } = evidence.capacity
  const others = new Set(actions.map(({ domainName }) => domainName))
  others.delete(domain.name)
  const more = others.size === 0 ? '' : ` and ${formatCount(others.size, 'place')} more`
  return `${domain.title}, ${domain.region}${more}`
}

const rules: Record<PolicyResult['rule'], string> = {
  'min-replicas': 'Minimum replicas',
  'max-replicas': 'Maximum replicas',
  'step-limit': 'Step limit',
  'cost-limit': 'Cost limit',
  'allowed-region': 'Allowed region',
  'security-tier': 'Security tier',
  quota: 'Quota',
  'node-room': 'Room on nodes',
  'telemetry-fresh': 'Telemetry fresh',
  'cost-per-hour': 'Cost per hour',
  'cost-per-month': 'Cost per month',
  jurisdictions: 'Jurisdictions',
  'rate-limit': 'Rate limit',
  freeze: 'Freeze',
  written: 'Written policy',
  'spot-share': 'Spot share',
  carbon: 'Carbon',
  'policy-engine': 'Policy engine',
}

const names = new Map<string, string>(Object.entries(rules))

/** The name of a bound or of a kind of rule for people; a published rule is called as its admin called it. */
export function ruleName(rule: string): string {
  return names.get(rule) ?? rule
}
