import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { ConflictError } from '../../kernel/errors.ts'
import type { Proposal } from '../../kernel/generated/client.ts'
import type { PlanContent } from '../../plan/contract.ts'
import { automationOf, type Known } from './automation.ts'
import { failSafeDecides } from './fail-safe.ts'

/**
 * Lets a yes pass or refuses it by the level: nothing that is only recommended is approved, and a rule decides only where all
 * of its conditions hold at this moment. What a person asked to take back is no recommendation.
 * @throws ConflictError
 */
export async function requireLevel(
  tx: Tx,
  { actor }: Context,
  proposal: Proposal,
  content: PlanContent,
  known: Known,
): Promise<void> {
  if (known.facts.origin === 'rollback' && actor.kind !== 'rule') return
  const { level, by, held, decidedBy } = await automationOf(tx, proposal, content, known)
  if (level === 'observe' || level === 'recommend') {
    const least = by.find((one) => one.level === level)
    throw new ConflictError(
      `#${proposal.number} is a recommendation and cannot be approved: the automation level is ${level} (${least?.words}).`,
    )
  }
  const asFailSafe = () => failSafeDecides(proposal, content, known, actor)
  if (actor.kind === 'rule' && decidedBy?.name !== actor.rule && !asFailSafe())
    throw new ConflictError(
      `Rule ${actor.rule} does not decide #${proposal.number} by itself. ${held ?? ''}`.trim(),
    )
}
