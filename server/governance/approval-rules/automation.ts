import type { Tx } from '../../kernel/db.ts'
import type { Proposal } from '../../kernel/generated/client.ts'
import { type Action, controlOf, type PlanContent, unitOf } from '../../plan/contract.ts'
import { classesOf, notEarned } from '../autonomy/earned.ts'
import type {
  ApprovalPolicyInForce,
  AutomaticBounds,
  AutomationRule,
  AutomationStanding,
} from './contract.ts'
import type { KnownFacts } from './facts.ts'
import { type ApprovalFacts, automationRulesFor, isAbout, leastLevel } from './match.ts'
import { takenBackAgain } from './taken-back.ts'

export type Known = { policy: ApprovalPolicyInForce; facts: KnownFacts }

/**
 * The level of a proposal: the least of the bounds of every workload that it touches and of every rule that is about it;
 * people decide where no rule is. `rule`: by which it may be decided; null where people have to.
 */
export async function automationOf(
  tx: Tx,
  proposal: Pick<Proposal, 'workloadId'>,
  content: PlanContent,
  { policy, facts }: Known,
): Promise<AutomationStanding & { decidedBy: AutomationRule | null }> {
  const rules = automationRulesFor(policy.automation, facts)
  const by: AutomationStanding['by'] = facts.bounds.map(({ name, level }) => ({
    ...{ rule: null, level, words: `bounds of ${name}: ${level}` },
  }))
  for (const { name, level } of rules) by.push({ rule: name, level, words: `rule ${name}: ${level}` })
  if (rules.length === 0)
    by.push({ rule: null, level: 'approve', words: 'no rule makes it automatic: approve' })
  const level = leastLevel(by.map((one) => one.level))
  const [first] = rules
  if (level !== 'automatic' || !first) return { level, by, held: null, decidedBy: null }
  const held = (await whyPeople(tx, proposal, content, { policy, facts })) ?? outside(rules, content, facts)
  return { level, by, held, decidedBy: held === null ? first : null }
}

/** What makes it a matter for people although its level is automatic; null where nothing does. */
async function whyPeople(
  tx: Tx,
  proposal: Pick<Proposal, 'workloadId'>,
  content: PlanContent,
  { policy, facts }: Known,
): Promise<string | null> {
  if (facts.origin === 'override')
    return 'A person put other numbers forward; another person decides on them.'
  const asked = policy.approvals.filter((rule) => isAbout(rule, facts))
  if (asked.length > 0) return `Rule ${asked[0]?.name} asks for people.`
  return (await takenBackAgain(tx, content)) ?? notEarned(tx, classesOf(proposal.workloadId, content))
}

function outside(
  rules: readonly AutomationRule[],
  content: PlanContent,
  facts: ApprovalFacts,
): string | null {
  for (const { name, bounds } of rules) {
    const why = bounds && outsideOf(bounds, content, facts)
    if (why) return `Outside of the bounds of rule ${name}: ${why}.`
  }
  return null
}

function outsideOf(bounds: AutomaticBounds, content: PlanContent, facts: ApprovalFacts): string | null {
  const { maxChange, maxCostChangePerHourUsd, maxSharedWith, minConfidence, falls } = bounds
  const wide = content.actions.find(
    ({ fromReplicas, toReplicas }) => Math.abs(toReplicas - fromReplicas) > maxChange,
  )
  if (wide) {
    const unit = unitOf[controlOf[wide.kind]]
    return `${wide.targetName} moves by ${Math.abs(wide.toReplicas - wide.fromReplicas)}, at most ${maxChange} ${unit}`
  }
  if (facts.costChangePerHourUsd > maxCostChangePerHourUsd)
    return `it adds $${facts.costChangePerHourUsd.toFixed(2)}/h, at most $${maxCostChangePerHourUsd.toFixed(2)}/h`
  if (facts.sharedWith > maxSharedWith)
    return `${facts.sharedWith} others stand on the same capacity, at most ${maxSharedWith}`
  if (content.confidence < minConfidence)
    return `it is ${Math.round(content.confidence * 100)} % sure, at least ${Math.round(minConfidence * 100)} %`
  if (!falls && !content.actions.every(isRise)) return 'it takes capacity away'
  return null
}

/** Whether an action only adds capacity. */
export function isRise({
  kind,
  fromReplicas,
  toReplicas,
}: Pick<Action, 'kind' | 'fromReplicas' | 'toReplicas'>): boolean {
  return toReplicas > fromReplicas && kind !== 'resume' && kind !== 'right-size'
}
