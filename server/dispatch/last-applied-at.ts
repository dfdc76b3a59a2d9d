import type { Tx } from '../kernel/db.ts'

/** When capacity of the workload was last changed by us; null if never. */
export async function lastAppliedAt(tx: Tx, workloadId: string): Promise<Date | null> {
  const pools = await tx.pool.findMany({ where: { workloadId }, select: { targetId: true } })
  const last = await tx.dispatchAction.aggregate({
    where: { targetId: { in: pools.map(({ targetId }) => targetId) } },
    _max: { appliedAt: true, takenBackAt: true },
  })
  const { appliedAt, takenBackAt } = last._max
  if (appliedAt === null || takenBackAt === null) return appliedAt ?? takenBackAt
  return appliedAt > takenBackAt ? appliedAt : takenBackAt
}
