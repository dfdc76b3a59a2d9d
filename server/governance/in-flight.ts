import type { Tx } from '../kernel/db.ts'

const unfinished = ['pending', 'dispatching', 'unknown']

/**
 * The approval of a workload that is on its way to the target: the newest one, unless it was carried out, failed or was
 * voided. No older one can be: a new approval is refused while one is on its way.
 */
export async function approvalInFlight(
  tx: Tx,
  workloadId: string,
): Promise<{ proposalNumber: number } | null> {
  const newest = await tx.decision.findFirst({
    where: { kind: { in: ['approve', 'override'] }, proposal: { workloadId, state: 'approved' } },
    orderBy: { number: 'desc' },
    select: { dispatch: { select: { state: true } }, proposal: { select: { number: true } } },
  })
  if (!newest) return null
  const open = newest.dispatch === null || unfinished.includes(newest.dispatch.state)
  return open ? { proposalNumber: newest.proposal.number } : null
}
