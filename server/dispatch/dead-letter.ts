import { append } from '../audit/index.ts'
import type { DispatchStateName } from '../governance/contract.ts'
import { requireRedrivable } from '../governance/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Prisma, Tx } from '../kernel/db.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type DeadLetterInput, type DispatchView, deadLetterInput } from './contract.ts'
import { getDispatch } from './get-dispatch.ts'
import { moveDeadLeg } from './legs.ts'
import { defaultSettings } from './settings.ts'
import { unansweredWrite } from './unanswered.ts'

type Dead = Prisma.DispatchGetPayload<{ include: { decision: true } }>
type Moved = { to: DispatchStateName; action: string; data?: Prisma.DispatchUncheckedUpdateInput }

/**
 * Has a dead letter tried again. What is unclear is read back first; what had failed goes on where it stopped, if the approval
 * still holds against everything of now. Every write stays bound to the approved version of its target.
 * @throws ConflictError unless it is a dead letter, or saying what stands against it
 */
export function redriveDispatch({ ctx, input }: Verb<DeadLetterInput>): Promise<DispatchView> {
  return settle(ctx, input, async (tx, row, reason) => {
    if (row.state === 'failed') await requireRedrivable(tx, ctx, row.decisionId)
    await moveDeadLeg(tx, row)
    await ctx.queue.send(tx, 'dispatch', { decisionId: row.decisionId }, { key: row.decisionId })
    const now = ctx.clock.now()
    const note = `Tried again, as a person asked: ${reason}`
    const unknownAt = row.unknownAt === null ? null : now
    return { to: reopened(row), action: 'dispatch.redriven', data: { note, redrivenAt: now, unknownAt } }
  })
}

/** Gives a dead letter up: nothing of it is tried any more. What stands of it, or may stand, stays. @throws ConflictError unless it is one */
export function closeDispatch({ ctx, input }: Verb<DeadLetterInput>): Promise<DispatchView> {
  return settle(ctx, input, async (tx, row, reason) => {
    const unanswered = await unansweredWrite(tx, row.id, defaultSettings)
    const unclear =
      row.unknownAt === null && unanswered === null
        ? ''
        : ' Whether its last write was taken was never read back.'
    const note = `${row.note ?? ''}${unclear} Given up by a person: ${reason}`.trim()
    return { to: 'failed', action: 'dispatch.given-up', data: { note } }
  })
}

/** Where it goes on: at its start, on its way, or on its way back. */
function reopened({ state, rollingBackAt, decision }: Dead): DispatchStateName {
  if (state !== 'failed') return state
  if (rollingBackAt !== null) return 'rolling_back'
  return decision.usedAt === null ? 'pending' : 'dispatching'
}

async function settle(
  ctx: Context,
  input: DeadLetterInput,
  work: (tx: Tx, row: Dead, reason: string) => Promise<Moved>,
): Promise<DispatchView> {
  authorise(ctx, 'proposal.decide')
  const { decisionId, reason } = parseInput(deadLetterInput, input, 'request')
  await transact(ctx, async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM "Dispatch" WHERE "decisionId" = ${decisionId}::uuid FOR UPDATE`
    const row = await tx.dispatch.findUnique({ where: { decisionId }, include: { decision: true } })
    if (row === null) throw new NotFoundError('dispatch', decisionId)
    if (row.deadAt === null)
      throw new ConflictError('It is no dead letter: it is on its way, settled, or somebody was first.')
    const { to, action, data } = await work(tx, row, reason)
    const free = { leaseOwner: null, leaseUntil: null, fencingToken: { increment: 1 } }
    const alive = { deadAt: null, deadPosition: null, crashes: 0, updatedAt: ctx.clock.now() }
    await tx.dispatch.update({ where: { id: row.id }, data: { ...free, ...alive, ...data, state: to } })
    await announce(tx, { topic: 'dispatch', id: decisionId })
    await append(tx, ctx, {
      stage: 'dispatch',
      action,
      subject: `decision/${decisionId}`,
      body: { dispatchId: row.id, reason, from: row.state, to },
    })
  })
  const view = await getDispatch({ ctx, input: { decisionId } })
  if (view === null) throw new NotFoundError('dispatch', decisionId)
  return view
}
