import type { Tx } from '../kernel/db.ts'

/** When capacity of the workload was last changed by us; null if never. */
export async function lastAppliedAt(tx: Tx, workloadId: string): Promise<Date | null> {
  const last = await tx.dispatch.findFirst({
    where: { appliedAt: { not: null }, decision: { proposal: { workloadId } } },
    orderBy: { appliedAt: 'desc' },
    select: { appliedAt: true },
  })
  return last?.appliedAt ?? null
}
