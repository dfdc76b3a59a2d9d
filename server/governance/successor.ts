import type { Tx } from '../kernel/db.ts'
import type { Successor } from './contract.ts'
import { storedContent } from './stored.ts'

/** The newest proposal that took the place of this one, at the end of all that took each other's; null while none did. */
export async function successorOf(tx: Tx, proposalId: string): Promise<Successor | null> {
  const [newest] = await tx.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE chain AS (
      SELECT "id", "supersededById", 0 AS hops FROM "Proposal" WHERE "id" = ${proposalId}::uuid
      UNION ALL
      SELECT p."id", p."supersededById", hops + 1 FROM "Proposal" p JOIN chain ON p."id" = chain."supersededById"
    )
    SELECT "id" FROM chain WHERE hops > 0 ORDER BY hops DESC LIMIT 1`
  if (newest === undefined) return null
  const proposal = await tx.proposal.findUniqueOrThrow({
    where: { id: newest.id },
    select: { id: true, number: true, state: true, actBy: true, costChangePerHourUsd: true, content: true },
  })
  const { content, actBy, ...rest } = proposal
  return { ...rest, actBy: actBy.toISOString(), actions: storedContent(content).actions }
}
