import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type AskBackInput, askBackInput, type DispatchView } from './contract.ts'
import { getDispatch } from './get-dispatch.ts'
import { defaultSettings } from './settings.ts'
import { unansweredWrite } from './unanswered.ts'

/**
 * Ends a dispatch that stands still because all dispatch is stopped: what stands of it is taken back, as was approved with it,
 * also while the stop lasts; where nothing stands yet, nothing will be written any more.
 * @throws ConflictError unless it stands still at a gate and has a way back, and while a write of it may still be taken.
 */
export async function askBack({ ctx, input }: Verb<AskBackInput>): Promise<DispatchView> {
  authorise(ctx, 'proposal.decide')
  const { decisionId, reason } = parseInput(askBackInput, input, 'request')
  await transact(ctx, async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM "Dispatch" WHERE "decisionId" = ${decisionId}::uuid FOR UPDATE`
    const row = await tx.dispatch.findUnique({
      where: { decisionId },
      include: { actions: true, decision: true },
    })
    if (row === null) throw new NotFoundError('dispatch', decisionId)
    if (row.haltedAt === null || (row.state !== 'dispatching' && row.state !== 'rolling_back'))
      throw new ConflictError(
        'It does not stand still at a gate: there is nothing to take back by hand. Roll it back instead.',
      )
    const stands = row.actions.some(
      ({ appliedAt, takenBackAt }) => appliedAt !== null && takenBackAt === null,
    )
    const binding = Object(row.decision.binding)
    if (stands && !Array.isArray(binding.inverse))
      throw new ConflictError('The approval has nothing that takes it back.')
    const now = ctx.clock.now()
    const unanswered = await unansweredWrite(tx, row.id, defaultSettings)
    if (unanswered !== null && unanswered.until > now)
      throw new ConflictError(
        `A write to "${unanswered.targetName}" was not answered and may still be taken until ` +
          `${unanswered.until.toISOString().slice(11, 19)} UTC. It is read back until then: look again after that.`,
      )
    const unread = unanswered === null ? '' : ' What was sent before had no effect.'
    const note = `Taken back by hand while all dispatch was stopped: ${reason}${unread}`
    const way = stands
      ? ({ state: 'rolling_back', rollingBackAt: row.rollingBackAt ?? now, takeBackAt: now } as const)
      : ({ state: 'failed', haltedAt: null } as const)
    await tx.dispatch.update({
      where: { id: row.id },
      data: {
        ...way,
        note,
        updatedAt: now,
        leaseOwner: null,
        leaseUntil: null,
        fencingToken: { increment: 1 },
      },
    })
    if (stands) await ctx.queue.send(tx, 'dispatch', { decisionId }, { key: decisionId })
    await announce(tx, { topic: 'dispatch', id: decisionId })
    await append(tx, ctx, {
      stage: 'dispatch',
      action: 'dispatch.asked-back',
      subject: `decision/${decisionId}`,
      body: { dispatchId: row.id, reason, from: row.state, to: way.state },
    })
  })
  const view = await getDispatch({ ctx, input: { decisionId } })
  if (view === null) throw new NotFoundError('dispatch', decisionId)
  return view
}
