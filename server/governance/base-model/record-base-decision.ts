import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { actorUserId, type Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { ConflictError, ForbiddenError } from '../../kernel/errors.ts'
import type { BaseModel } from '../../kernel/generated/client.ts'
import type { BaseDecisionKindName, BaseModelStateName } from './contract.ts'
import { liveVersion } from './stored-base.ts'

/** What may happen to a base, from which state, to which, and by whom. */
const table: Record<
  BaseDecisionKindName,
  { from: BaseModelStateName; to: BaseModelStateName; byPerson: boolean }
> = {
  approve: { from: 'waiting', to: 'approved', byPerson: true },
  reject: { from: 'waiting', to: 'rejected', byPerson: true },
  expire: { from: 'waiting', to: 'expired', byPerson: false },
  rollback: { from: 'approved', to: 'rolled_back', byPerson: true },
}

/**
 * The one place where a base changes its state: keeps the decision, updates on condition of the state, announces and
 * appends to the log, all in the caller's transaction. The database refuses what this should not have let through.
 * @throws ForbiddenError if a person's decision is not made by a person, ConflictError for whoever comes second
 */
export async function recordBaseDecision(
  tx: Tx,
  ctx: Context,
  base: BaseModel,
  { kind, reason }: { kind: BaseDecisionKindName; reason: string },
): Promise<void> {
  const { from, to, byPerson } = table[kind]
  const userId = actorUserId(ctx.actor)
  if (byPerson && userId === null) throw new ForbiddenError(`Only a person may ${kind} a base model.`)
  const at = ctx.clock.now()
  const before = await liveVersion(tx)
  await tx.baseDecision.create({
    data: {
      ...{ id: ctx.ids.uuid(), baseModelId: base.id, kind, userId, actor: ctx.actor },
      ...{ reason, hash: base.hash, at },
    },
  })
  const { count } = await tx.baseModel.updateMany({
    where: { id: base.id, state: from },
    data: { state: to, decidedAt: at },
  })
  if (count === 0) throw new ConflictError(`${base.version} was decided meanwhile. Look at it again.`)
  await announce(tx, { topic: 'baseModel', id: base.id })
  await append(tx, ctx, {
    stage: 'governance',
    action: `baseModel.${kind}`,
    subject: `base-model/${base.id}`,
    body: {
      ...{ version: base.version, parent: base.parent, hash: base.hash, from, to, reason },
      ...{ liveBefore: before, liveAfter: await liveVersion(tx) },
    },
  })
}
