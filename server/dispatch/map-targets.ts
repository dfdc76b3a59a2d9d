import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { createPoolIn } from '../plan/index.ts'
import { type MapTargetsInput, mapTargetsInput } from './contract.ts'
import { keepTarget, rehearseTarget } from './create-target.ts'
import { inBatches } from './in-batches.ts'

/** Rehearsals under way at once. */
const atOnce = 8

/**
 * Makes things behind a connection known as targets and gives each the pool that it holds: all of them or none. Each was read and
 * has accepted a dry run of the level that it is at. Returns how many.
 * @throws as `createTarget` and `createPool` of plan do, naming the target; then nothing is kept
 */
export async function mapTargets({ ctx, input }: Verb<MapTargetsInput>): Promise<{ mapped: number }> {
  authorise(ctx, 'target.manage')
  authorise(ctx, 'catalog.manage')
  const { connectionId, targets } = parseInput(mapTargetsInput, input, 'mapping')
  const connection = await ctx.db.connection.findUnique({ where: { id: connectionId } })
  if (connection === null) throw new NotFoundError('connection', connectionId)
  const rehearsed = await inBatches(targets, atOnce, async (target) => ({
    target,
    kept: await rehearseTarget(ctx, connection, target, target.pool.control),
  }))
  return transact(ctx, async (tx) => {
    for (const { target, kept } of rehearsed) {
      await keepTarget(tx, ctx, connection, kept)
      await createPoolIn(tx, ctx, { ...target.pool, targetId: kept.id })
    }
    return { mapped: rehearsed.length }
  })
}
