import type { Actor, Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import type { Proposal } from '../../kernel/generated/client.ts'
import type { PlanContent } from '../../plan/contract.ts'
import { isRise, type Known } from './automation.ts'
import type { FailSafeRule, FailSafeStanding } from './contract.ts'
import type { AskedProposal } from './facts.ts'
import { failSafeFor } from './match.ts'
import { takenBackAgain } from './taken-back.ts'

/** What is declared for a proposal that nobody decides. `rule` null: nothing is, so it expires. */
export function failSafeOf(
  proposal: AskedProposal,
  content: PlanContent,
  { policy, facts }: Known,
): { rule: FailSafeRule | null; standing: FailSafeStanding } {
  const rule = failSafeFor(policy.failSafes, facts)
  return { rule, standing: standingOf(rule, proposal, content) }
}

/** The same, with what is known of who takes back what rules do: *scale-up* is not approved by a rule that lost twice. */
export async function failSafeNow(
  tx: Tx,
  proposal: AskedProposal,
  content: PlanContent,
  known: Known,
): Promise<ReturnType<typeof failSafeOf>> {
  const { rule, standing } = failSafeOf(proposal, content, known)
  const why = standing.fallback === 'scale-up' ? await takenBackAgain(tx, content) : null
  if (why === null) return { rule, standing }
  const words = `It expires, and nothing is changed. ${why}`
  return { rule, standing: { ...standing, fallback: 'expire', at: proposal.expiresAt.toISOString(), words } }
}

/** Whether a rule is the fail-safe that approves this proposal, by the rules of approval that are given: as it is declared now. */
export function failSafeDecides(
  proposal: AskedProposal,
  content: PlanContent,
  known: Known,
  actor: Actor,
): boolean {
  const { rule, standing } = failSafeOf(proposal, content, known)
  return actor.kind === 'rule' && rule?.name === actor.rule && standing.fallback === 'scale-up'
}

function standingOf(
  rule: FailSafeRule | null,
  proposal: AskedProposal,
  content: PlanContent,
): FailSafeStanding {
  const fallback = rule?.fallback ?? 'expire'
  const end = proposal.expiresAt.toISOString()
  const name = rule?.name ?? null
  if (rule === null || fallback === 'expire')
    return { fallback, rule: name, at: end, words: 'It expires, and nothing is changed.' }
  if (fallback === 'hold')
    return { fallback, rule: name, at: end, words: 'Nothing is changed, and it stays in the inbox, overdue.' }
  const why = whyNotScaledUp(rule, proposal, content)
  if (why !== null)
    return { fallback: 'expire', rule: name, at: end, words: `It expires, and nothing is changed: ${why}.` }
  return {
    fallback,
    rule: name,
    at: proposal.actBy.toISOString(),
    words: `Rule ${rule.name} approves it: it only adds capacity.`,
  }
}

/** Why *scale-up* does not approve it, in words; null if it does. */
export function whyNotScaledUp(
  rule: FailSafeRule,
  { kind, counterId }: Pick<Proposal, 'kind' | 'counterId'>,
  content: PlanContent,
): string | null {
  const most = rule.maxCostChangePerHourUsd ?? 0
  const cost = content.effect.costChangePerHourUsd
  if (counterId !== null) return 'a person put other numbers forward'
  if (kind === 'rollback') return 'a person asked for it'
  if (content.actions.length === 0 || !content.actions.every(isRise)) return 'it does more than add capacity'
  if (cost > most) return `it adds $${cost.toFixed(2)}/h, and rule ${rule.name} at most $${most.toFixed(2)}/h`
  return null
}

/** Who acts where a published rule decides. */
export function asRule(ctx: Context, rule: string, version: number): Context {
  return { ...ctx, actor: { kind: 'rule', rule, version } }
}
