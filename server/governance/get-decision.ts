import { z } from 'zod'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import type { ApprovalBinding, DecisionDetail } from './contract.ts'
import { verdictsOn } from './policy-engine/verdicts.ts'
import { storedBinding } from './stored.ts'
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

/** What an approval is bound to, and nothing else of it. @throws NotFoundError, Error if it binds nothing */
export async function approvedBinding(ctx: Context, decisionId: string): Promise<ApprovalBinding> {
  authorise(ctx, 'dispatch.run')
  const found = await ctx.db.decision.findUnique({ where: { id: decisionId }, select: { binding: true } })
  if (!found) throw new NotFoundError('decision', decisionId)
  if (found.binding === null) throw new Error(`The approval ${decisionId} binds nothing.`)
  return storedBinding(found.binding)
}
