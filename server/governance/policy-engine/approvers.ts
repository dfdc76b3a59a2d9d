import type { Actor } from '../../kernel/context.ts'
import type { Decision } from '../../kernel/generated/client.ts'
import type { ApprovalGiven } from '../approval-rules/contract.ts'
import { givenBy, givenWith, type PersonNow } from '../approval-rules/given.ts'
import { storedActor } from '../stored.ts'
import type { EngineApprover } from './contract.ts'

/** Who is about to decide, after those who said yes before: with the roles and groups of this moment. */
export function approversNow(
  actor: Actor,
  mine: PersonNow | null,
  endorsements: readonly Decision[] = [],
): EngineApprover[] {
  const before = endorsements.flatMap(givenBy).map(personOf)
  if (actor.kind === 'rule') return [...before, { kind: 'rule', name: actor.rule }]
  if (mine === null) return before
  const roles = 'roles' in actor ? [...actor.roles] : []
  return [...before, { kind: 'person', id: mine.userId, roles, groups: mine.groups }]
}

/** Who gave an approval, with the roles and groups that were kept with it. */
export function approversOf(decision: Decision): EngineApprover[] {
  const actor = storedActor(decision.actor)
  if (actor.kind === 'rule') return [{ kind: 'rule', name: actor.rule }]
  return givenWith(decision).map(personOf)
}

const personOf = ({ userId, roles, groups }: ApprovalGiven): EngineApprover => ({
  kind: 'person',
  id: userId,
  roles,
  groups,
})
