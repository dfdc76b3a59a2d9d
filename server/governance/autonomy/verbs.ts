import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { actorUserId, authorise, type Context, type Verb } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { ConflictError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { actionKinds } from '../../plan/contract.ts'
import { approvalPolicyInForce } from '../approval-rules/stored-policy.ts'
import {
  type ConfirmAutonomyInput,
  confirmAutonomyInput,
  type RevokeAutonomyInput,
  revokeAutonomyInput,
} from './contract.ts'
import type { ActionClass } from './earned.ts'
import { heldAgainst, measureClasses } from './measure.ts'

/**
 * An admin confirms that rules may decide a class by themselves, within their bounds. The decisions that it rests on are those of others.
 * @throws ConflictError where a measure does not reach its threshold now, naming it; or it is confirmed already.
 */
export async function confirmAutonomy({ ctx, input }: Verb<ConfirmAutonomyInput>): Promise<ActionClass> {
  authorise(ctx, 'policy.manage')
  const { workloadId, kind, reason } = parseInput(confirmAutonomyInput, input, 'confirmation')
  return transact(ctx, async (tx) => {
    await lockClass(tx, { workloadId, kind })
    const { earned } = await approvalPolicyInForce(tx)
    const now = ctx.clock.now()
    const by = actorUserId(ctx.actor)
    const [found] = await measureClasses(tx, earned, now, [{ workloadId, kind }], by)
    const short = found ? heldAgainst(found.measures, earned, false).filter(({ passed }) => !passed) : []
    if (!found || short.length > 0) {
      const words = short.map(({ measure, actual, limit }) => `${measure}: ${actual}, asked for is ${limit}`)
      throw new ConflictError(
        `It is not eligible. ${words.join('; ')}. What you decided yourself does not count for your own confirmation.`,
      )
    }
    const before = await tx.autonomyClass.findUnique({ where: { workloadId_kind: { workloadId, kind } } })
    if (before && before.demotedAt === null) throw new ConflictError('It is confirmed already.')
    const data = { confirmedAt: now, confirmedBy: ctx.actor, reason, measures: found.measures }
    await tx.autonomyClass.upsert({
      where: { workloadId_kind: { workloadId, kind } },
      create: { workloadId, kind, ...data },
      update: { ...data, demotedAt: null, demotedWhy: null },
    })
    await announce(tx, { topic: 'policy', id: workloadId })
    await append(tx, ctx, {
      stage: 'governance',
      action: 'autonomy.confirm',
      subject: `workload/${workloadId}`,
      body: { kind, reason, measures: found.measures },
    })
    return { workloadId, kind }
  })
}

/** An admin takes it back. @throws ConflictError unless it is confirmed. */
export async function revokeAutonomy({ ctx, input }: Verb<RevokeAutonomyInput>): Promise<ActionClass> {
  authorise(ctx, 'policy.manage')
  const { workloadId, kind, reason } = parseInput(revokeAutonomyInput, input, 'request')
  return transact(ctx, async (tx) => {
    await lockClass(tx, { workloadId, kind })
    if (
      !(await demote(tx, ctx, { workloadId, kind }, `taken back by an admin: ${reason}`, 'autonomy.revoke'))
    )
      throw new ConflictError('It is not confirmed.')
    return { workloadId, kind }
  })
}

/** Demotes every confirmed class whose measures fell below what is asked for. Returns how many. */
export async function keepAutonomy({ ctx }: { ctx: Context }): Promise<number> {
  authorise(ctx, 'policy.keep')
  const confirmed = await ctx.db.autonomyClass.findMany({ where: { demotedAt: null } })
  if (confirmed.length === 0) return 0
  return transact(ctx, async (tx) => {
    const { earned } = await approvalPolicyInForce(tx)
    const classes = confirmed.flatMap(({ workloadId, kind }) => {
      const known = actionKinds.find((one) => one === kind)
      return known ? [{ workloadId, kind: known }] : []
    })
    let demoted = 0
    for (const { measures, ...one } of await measureClasses(tx, earned, ctx.clock.now(), classes)) {
      const short = heldAgainst(measures, earned, true).filter(({ passed }) => !passed)
      if (short.length === 0) continue
      const why = short
        .map(({ measure, actual, limit }) => `${measure} ${actual}, asked for is ${limit}`)
        .join('; ')
      if (await demote(tx, ctx, one, why, 'autonomy.demote')) demoted++
    }
    return demoted
  })
}

async function demote(
  tx: Tx,
  ctx: Context,
  { workloadId, kind }: ActionClass,
  why: string,
  action: string,
): Promise<boolean> {
  const { count } = await tx.autonomyClass.updateMany({
    where: { workloadId, kind, demotedAt: null },
    data: { demotedAt: ctx.clock.now(), demotedWhy: why },
  })
  if (count === 0) return false
  await announce(tx, { topic: 'policy', id: workloadId })
  await announce(tx, { topic: 'proposal' })
  await append(tx, ctx, {
    stage: 'governance',
    action,
    subject: `workload/${workloadId}`,
    body: { kind, why },
  })
  return true
}

async function lockClass(tx: Tx, { workloadId, kind }: ActionClass): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`autonomy/${workloadId}/${kind}`}, 0))`
}
