import { authorise, type Verb } from '../../kernel/context.ts'
import { ConflictError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { type BaseModelDetail, type RollBackBaseInput, rollBackBaseInput } from './contract.ts'
import { getBase } from './get-base.ts'
import { recordBaseDecision } from './record-base-decision.ts'
import { liveVersion, openBase } from './stored-base.ts'

/**
 * Takes the live base back: its parent is live again, and every model goes over to it at its next turn. Past forecasts
 * stay what they were.
 * @throws ConflictError if it is not the live one
 */
export async function rollBackBase({ ctx, input }: Verb<RollBackBaseInput>): Promise<BaseModelDetail> {
  authorise(ctx, 'baseModel.decide')
  const seen = parseInput(rollBackBaseInput, input, 'rollback')
  await transact(ctx, async (tx) => {
    const base = await openBase(tx, seen, 'approved')
    const live = await liveVersion(tx)
    if (base.version !== live) {
      throw new ConflictError(`${live} is live, not ${base.version}; roll that back first.`)
    }
    await recordBaseDecision(tx, ctx, base, { kind: 'rollback', reason: seen.reason })
  })
  return getBase({ ctx, input: { id: seen.id } })
}
