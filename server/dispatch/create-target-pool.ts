import { authorise, type Verb } from '../kernel/context.ts'
import { InvalidInputError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { type PoolInput, poolInput, unitOf } from '../plan/contract.ts'
import { createPool } from '../plan/index.ts'
import { controlsOf } from './contract.ts'

/**
 * Gives a target the pool that it holds, once it is known that its number can stand for that. Returns the pool's id.
 * @throws InvalidInputError if it cannot; otherwise as `createPool` of plan does
 */
export async function createTargetPool({ ctx, input }: Verb<PoolInput>): Promise<{ id: string }> {
  authorise(ctx, 'catalog.manage')
  const { targetId, control } = parseInput(poolInput, input, 'pool')
  const target = await ctx.db.target.findUnique({ where: { id: targetId }, include: { connection: true } })
  if (target === null) throw new NotFoundError('target', targetId)
  const can = controlsOf(target.connection.adapter, target.ref)
  if (!can.includes(control)) {
    const words = can.map((each) => `"${each}" (${unitOf[each]})`).join(' or ')
    throw new InvalidInputError(
      `The number of "${target.name}" cannot stand for "${control}" (${unitOf[control]}). It can stand for ${words}.`,
    )
  }
  return createPool({ ctx, input })
}
