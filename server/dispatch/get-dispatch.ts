import { z } from 'zod'
import { authorise, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import type { DispatchView } from './contract.ts'

const getDispatchInput = z.object({ decisionId: z.uuid() })

/** Order of steps that were kept in the same millisecond. */
const stepOrder = ['observe', 'dry-run', 'apply', 'read-back', 'verify']

/** How a decision was carried out, with every request and answer in order; null if nothing was to be carried out yet. */
export async function getDispatch({
  ctx,
  input,
}: Verb<{ decisionId: string }>): Promise<DispatchView | null> {
  authorise(ctx, 'decision.read')
  const { decisionId } = parseInput(getDispatchInput, input, 'decision')
  const row = await ctx.db.dispatch.findUnique({ where: { decisionId }, include: { receipts: true } })
  if (row === null) return null
  const receipts = row.receipts.toSorted(
    (a, b) => a.at.getTime() - b.at.getTime() || stepOrder.indexOf(a.step) - stepOrder.indexOf(b.step),
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
    receipts: receipts.map(({ id, step, outcome, request, response, at }) => ({
      id,
      step,
      outcome,
      request,
      response,
      at: at.toISOString(),
    })),
  }
}
