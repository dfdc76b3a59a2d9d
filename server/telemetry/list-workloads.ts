import { authorise, type Context } from '../kernel/context.ts'
import type { WorkloadView } from './contract.ts'
import { workloadView } from './workload-view.ts'

/** Every workload that is not over, by name. */
export async function listWorkloads({ ctx }: { ctx: Context }): Promise<WorkloadView[]> {
  authorise(ctx, 'telemetry.read')
  const rows = await ctx.db.workload.findMany({ where: { endedAt: null }, orderBy: { name: 'asc' } })
  return rows.map(workloadView)
}
