import type { Db, Tx } from '../kernel/db.ts'
import type { SceneRun } from '../kernel/generated/client.ts'

export type RunWorkload = { id: string; name: string; title: string }

/** Workloads of one run of a scene, by name; those that were declared already. */
export async function workloadsOf(db: Db | Tx, run: Pick<SceneRun, 'workloads'>): Promise<RunWorkload[]> {
  return db.workload.findMany({
    where: { name: { in: run.workloads }, sandbox: true },
    select: { id: true, name: true, title: true },
    orderBy: { name: 'asc' },
  })
}
