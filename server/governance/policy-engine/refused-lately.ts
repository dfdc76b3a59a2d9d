import type { Context } from '../../kernel/context.ts'
import type { Proposal } from '../../kernel/generated/client.ts'
import { engineInForce } from './in-force.ts'

/** So long a rule that was refused by the engine does not ask it again about the same; people may at any time. */
const patienceMs = 300_000

/** Whether the engine in force was asked to let just this be approved, lately, and did not. */
export async function refusedLately(
  { db, clock }: Context,
  { id: proposalId, contentHash }: Pick<Proposal, 'id' | 'contentHash'>,
): Promise<boolean> {
  const engine = await engineInForce(db)
  if (engine === null) return false
  const newest = await db.engineVerdict.findFirst({
    where: {
      ...{ proposalId, contentHash, engineVersion: engine.version, decision: 'approve' },
      at: { gt: new Date(clock.now().getTime() - patienceMs) },
    },
    orderBy: { number: 'desc' },
  })
  return newest !== null && newest.outcome !== 'allow'
}
