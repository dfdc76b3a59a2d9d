import { authorise, type Verb } from '../../kernel/context.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { type BaseModelDetail, type RejectBaseInput, rejectBaseInput } from './contract.ts'
import { getBase } from './get-base.ts'
import { recordBaseDecision } from './record-base-decision.ts'
import { openBase } from './stored-base.ts'

/** Turns a refitted base down, with a reason; forecasts stay as they are. @throws ConflictError if somebody was first */
export async function rejectBase({ ctx, input }: Verb<RejectBaseInput>): Promise<BaseModelDetail> {
  authorise(ctx, 'baseModel.decide')
  const seen = parseInput(rejectBaseInput, input, 'rejection')
  await transact(ctx, async (tx) => {
    const base = await openBase(tx, seen, 'waiting')
    await recordBaseDecision(tx, ctx, base, { kind: 'reject', reason: seen.reason })
  })
  return getBase({ ctx, input: { id: seen.id } })
}
