import { storedBase } from '../../forecast/index.ts'
import { authorise, type Verb } from '../../kernel/context.ts'
import { ConflictError, InvalidInputError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { instant } from '../words.ts'
import { type ApproveBaseInput, approveBaseInput, type BaseModelDetail } from './contract.ts'
import { getBase } from './get-base.ts'
import { recordBaseDecision } from './record-base-decision.ts'
import { liveVersion, openBase } from './stored-base.ts'

/**
 * Puts a refitted base live: every model goes over to it at its next turn. Nothing else can.
 * @throws InvalidInputError if it failed its forgetting test or was altered; nobody can approve that
 * @throws ConflictError if somebody was first, it is too late, or another base went live since it was made
 */
export async function approveBase({ ctx, input }: Verb<ApproveBaseInput>): Promise<BaseModelDetail> {
  authorise(ctx, 'baseModel.decide')
  const seen = parseInput(approveBaseInput, input, 'approval')
  await transact(ctx, async (tx) => {
    const base = await openBase(tx, seen, 'waiting')
    if (!base.passed) {
      throw new InvalidInputError(
        `${base.version} failed its forgetting test, so it cannot go live. Reject it; the next refit makes another.`,
      )
    }
    if (base.expiresAt <= ctx.clock.now()) {
      throw new ConflictError(`${base.version} expired at ${instant(base.expiresAt)}; nothing was decided.`)
    }
    const live = await liveVersion(tx)
    if (base.parent !== live) {
      throw new ConflictError(
        `${base.version} was made from ${base.parent}, and ${live} is live now: it was not tested against that.`,
      )
    }
    // The hash that the person saw is of these very weights, and they can be computed with.
    await storedBase(tx, base.version)
    await recordBaseDecision(tx, ctx, base, { kind: 'approve', reason: seen.reason })
  })
  return getBase({ ctx, input: { id: seen.id } })
}
