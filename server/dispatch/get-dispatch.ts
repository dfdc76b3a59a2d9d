import { z } from 'zod'
import { authorise, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { type DispatchView, targetUnit } from './contract.ts'
import { goodUntil } from './good-until.ts'

const getDispatchInput = z.object({ decisionId: z.uuid() })

/** Order of steps that were kept in the same millisecond. */
const forward = ['dry-run', 'apply', 'read-back', 'verify']
const back = ['undo-dry-run', 'undo', 'undo-read-back', 'undo-verify']
const stepOrder = ['observe', ...forward, ...back]

/** How a decision was carried out, with every request and answer in order; null if nothing was to be carried out yet. */
export async function getDispatch({
  ctx,
  input,
}: Verb<{ decisionId: string }>): Promise<DispatchView | null> {
  authorise(ctx, 'decision.read')
  const { decisionId } = parseInput(getDispatchInput, input, 'decision')
  const row = await ctx.db.dispatch.findUnique({
    where: { decisionId },
    include: {
      decision: { select: { notAfter: true, proposal: { select: { expiresAt: true } } } },
      receipts: true,
      actions: { orderBy: { position: 'asc' } },
    },
  })
  if (row === null) return null
  const receipts = row.receipts.toSorted(
    (a, b) => a.at.getTime() - b.at.getTime() || stepOrder.indexOf(a.step) - stepOrder.indexOf(b.step),
  )
  const targets = await ctx.db.target.findMany({
    where: { id: { in: row.actions.map(({ targetId }) => targetId) } },
    include: { connection: { select: { adapter: true } }, pool: { select: { control: true } } },
  })
  const units = new Map(
    targets.map(({ id, ref, connection, pool }) => [
      id,
      pool && targetUnit(connection.adapter, ref, pool.control),
    ]),
  )
  return {
    id: row.id,
    decisionId,
    state: row.state,
    attempts: row.attempts,
    note: row.note,
    createdAt: row.createdAt.toISOString(),
    appliedAt: row.appliedAt?.toISOString() ?? null,
    verifiedAt: row.verifiedAt?.toISOString() ?? null,
    rollingBackAt: row.rollingBackAt?.toISOString() ?? null,
    haltedAt: row.haltedAt?.toISOString() ?? null,
    takeBackAt: row.takeBackAt?.toISOString() ?? null,
    deadAt: row.deadAt?.toISOString() ?? null,
    goodUntil: row.deadAt === null ? null : goodUntil(row),
    actions: row.actions.map(
      ({ position, stage, targetId, state, note, appliedAt, verifiedAt, takenBackAt }) => ({
        position,
        stage,
        targetId,
        state,
        appliedAt: appliedAt?.toISOString() ?? null,
        verifiedAt: verifiedAt?.toISOString() ?? null,
        takenBackAt: takenBackAt?.toISOString() ?? null,
        note,
        unit: units.get(targetId) ?? null,
      }),
    ),
    receipts: receipts.map(({ id, targetId, step, outcome, request, response, at }) => ({
      id,
      targetId,
      step,
      outcome,
      request,
      response,
      at: at.toISOString(),
    })),
  }
}
