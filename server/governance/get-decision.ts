import { z } from 'zod'
import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import type { DecisionDetail } from './contract.ts'
import { verdictsOn } from './policy-engine/verdicts.ts'
import { decisionDetail, decisionInclude } from './views.ts'

const byId = z.object({ id: z.uuid() })

/** One decision: what the person saw, what was sent, what it is bound to. @throws NotFoundError */
export async function getDecision({ ctx, input }: Verb<{ id: string }>): Promise<DecisionDetail> {
  authorise(ctx, 'decision.read')
  const { id } = parseInput(byId, input, 'request')
  const decision = await ctx.db.decision.findUnique({ where: { id }, include: decisionInclude })
  if (!decision) throw new NotFoundError('decision', id)
  return { ...decisionDetail(decision), engineVerdicts: await verdictsOn(ctx.db, decision) }
}
