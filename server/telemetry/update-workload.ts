import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type WorkloadUpdate, type WorkloadView, workloadUpdate } from './contract.ts'
import { workloadView } from './workload-view.ts'

/** Changes what is given, and logs the old and the new. @throws NotFoundError */
export async function updateWorkload({ ctx, input }: Verb<WorkloadUpdate>): Promise<WorkloadView> {
  authorise(ctx, 'workload.manage')
  const { id, ...change } = parseInput(workloadUpdate, input, 'change')
  return transact(ctx, async (tx) => {
    const before = await tx.workload.findUnique({ where: { id } })
    const [row] = await tx.workload.updateManyAndReturn({ where: { id }, data: change })
    if (!before || !row) throw new NotFoundError('workload', id)
    const { id: _id, createdAt: _createdAt, ...from } = workloadView(before)
    await announce(tx, { topic: 'telemetry', id })
    await append(tx, ctx, {
      stage: 'telemetry',
      action: 'workload.changed',
      subject: `workload/${id}`,
      body: { from, change },
    })
    return workloadView(row)
  })
}
