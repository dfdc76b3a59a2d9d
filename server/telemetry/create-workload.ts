import { append } from '../audit/index.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type WorkloadInput, type WorkloadView, workloadInput } from './contract.ts'
import { workloadView } from './workload-view.ts'

/** @throws ConflictError when the name is taken. */
export async function createWorkload({ ctx, input }: Verb<WorkloadInput>): Promise<WorkloadView> {
  authorise(ctx, 'workload.manage')
  const workload = parseInput(workloadInput, input, 'workload')
  return transact(ctx, async (tx) => {
    const [row] = await tx.workload.createManyAndReturn({
      data: [{ ...workload, id: ctx.ids.uuid(), createdAt: ctx.clock.now() }],
      skipDuplicates: true,
    })
    if (!row) throw new ConflictError(`There already is a workload "${workload.name}"; names are unique.`)
    await append(tx, ctx, {
      stage: 'telemetry',
      action: 'workload.created',
      subject: `workload/${row.id}`,
      body: workload,
    })
    return workloadView(row)
  })
}
