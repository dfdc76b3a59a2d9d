import type { Tx } from '../../kernel/db.ts'
import { permissions } from '../../kernel/roles.ts'
import type { Clause } from './contract.ts'
import { type Approver, isMet, mostMissing, standingOf } from './satisfied.ts'

/** Everybody whose yes could count, with the groups held now. */
export async function decidersNow(tx: Tx): Promise<Approver[]> {
  const people = await tx.user.findMany({
    where: { active: true, roles: { hasSome: [...permissions['proposal.decide'].roles] } },
    select: { id: true, groups: { select: { group: { select: { name: true } } } } },
  })
  return people.map(({ id, groups }) => ({ userId: id, groups: groups.map(({ group }) => group.name) }))
}

/**
 * Why it could never be approved as people and groups are now, in words; null where it could. Somebody's own numbers may take
 * the only member of a team out of those who can say yes.
 */
export function outOfReach(
  clauses: readonly Clause[],
  {
    given,
    deciders,
    authorId,
  }: { given: readonly Approver[]; deciders: readonly Approver[]; authorId: string | null },
): string | null {
  const said = new Set(given.map(({ userId }) => userId))
  const everybody = [...given, ...deciders.filter(({ userId }) => !said.has(userId))]
  const missing = mostMissing(standingOf(clauses, everybody, authorId === null ? [] : [authorId]))
  if (missing === null) return null
  return authorId !== null && isMet(standingOf(clauses, everybody))
    ? `Nobody but the author of these numbers could give what is missing, and nobody approves their own. With everybody else: ${missing}.`
    : `Nobody could give what is missing. With a yes of everybody who may decide: ${missing}.`
}
