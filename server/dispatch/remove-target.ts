import type { z } from 'zod'
import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { removeTargetInput } from './contract.ts'

/**
 * Forgets a target that nothing is planned for and nothing was ever sent to; the real thing stays as it is.
 * @throws NotFoundError, ConflictError saying why it stays
 */
export async function removeTarget({ ctx, input }: Verb<z.input<typeof removeTargetInput>>) {
  authorise(ctx, 'target.manage')
  const { targetId } = parseInput(removeTargetInput, input, 'target')
  return transact(ctx, async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM "Target" WHERE "id" = ${targetId}::uuid FOR UPDATE`
    const target = await tx.target.findUnique({
      where: { id: targetId },
      include: { pool: { select: { workload: { select: { title: true } } } } },
    })
    if (target === null) throw new NotFoundError('target', targetId)
    const { name, connectionId, pool } = target
    if (pool !== null)
      throw new ConflictError(
        `"${name}" holds capacity of ${pool.workload.title} and stays: its plans and measurements stand on it. ` +
          'To write it no more, take the right away on the other side, or end the workload.',
      )
    const sent =
      (await tx.dispatchAction.count({ where: { targetId } })) +
      (await tx.receipt.count({ where: { targetId } }))
    if (sent > 0)
      throw new ConflictError(`"${name}" was asked or written by decisions, whose records name it: it stays.`)
    await tx.target.delete({ where: { id: targetId } })
    await announce(tx, { topic: 'target', id: targetId })
    await append(tx, ctx, {
      stage: 'dispatch',
      action: 'target.removed',
      subject: `target/${targetId}`,
      body: { name, connectionId },
    })
    return { id: targetId }
  })
}
