import { z } from 'zod'
import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import type { WorkloadView } from './contract.ts'
import { workloadView } from './workload-view.ts'

const getWorkloadInput = z.union([z.object({ id: z.uuid() }), z.object({ name: z.string() })])

/** By id or by name. @throws NotFoundError */
export async function getWorkload({
  ctx,
  input,
}: Verb<z.infer<typeof getWorkloadInput>>): Promise<WorkloadView> {
  authorise(ctx, 'telemetry.read')
  const where = parseInput(getWorkloadInput, input, 'request')
  const row = await ctx.db.workload.findUnique({ where })
  if (!row) throw new NotFoundError('workload', 'id' in where ? where.id : where.name)
  return workloadView(row)
}
