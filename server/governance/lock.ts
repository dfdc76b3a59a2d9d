import type { Tx } from '../kernel/db.ts'

/**
 * Decisions, proposals and policies of one workload happen one after the other: held until the transaction ends. Every
 * verb takes it before it reads, so that what it read still holds when it writes.
 */
export async function lockWorkload(tx: Tx, workloadId: string): Promise<void> {
  await lockWorkloads(tx, [workloadId])
}

/** The same for several workloads, always in the order of their ids, so that two who want the same ones never wait for each other. */
export async function lockWorkloads(tx: Tx, workloadIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    SELECT 1 FROM "Workload" WHERE "id" = ANY(${[...workloadIds]}::uuid[]) ORDER BY "id" FOR NO KEY UPDATE`
}
