import { z } from 'zod'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import type { PlanContent } from '../plan/contract.ts'
import type { ProposalDetail } from './contract.ts'
import { governanceOf } from './governance-of.ts'
import { policyInForce } from './policy-in-force.ts'
import { rehearsalOf } from './rehearsal.ts'
import { storedContent } from './stored.ts'
import { successorOf } from './successor.ts'
import { decisionInclude, decisionRow, proposalRow, proposalSelect } from './views.ts'

const byId = z.object({ id: z.uuid() })

/** One proposal with its plan, its decisions so far and how similar ones turned out. @throws NotFoundError */
export async function getProposal({ ctx, input }: Verb<{ id: string }>): Promise<ProposalDetail> {
  authorise(ctx, 'proposal.read')
  const { id } = parseInput(byId, input, 'request')
  const proposal = await ctx.db.proposal.findUnique({
    where: { id },
    select: { ...proposalSelect, content: true, workloadId: true },
  })
  if (!proposal) throw new NotFoundError('proposal', id)
  const { content: stored, workloadId, ...row } = proposal
  const content = storedContent(stored)
  const policy = await policyInForce(ctx.db, workloadId)
  const decisions = await ctx.db.decision.findMany({
    where: { proposalId: id },
    orderBy: { number: 'desc' },
    include: decisionInclude,
  })
  return {
    ...proposalRow(row, ctx.clock.now()),
    content,
    rehearsal: await rehearsalOf(ctx.db, proposal),
    policyVersionNow: policy?.version ?? content.evidence.policy.version,
    decisions: decisions.map(decisionRow),
    similar: await similarTo(ctx, proposal, content),
    ...(await governanceOf(ctx, proposal, content)),
    successor: proposal.state === 'superseded' ? await successorOf(ctx.db, id) : null,
  }
}

/** How people decided on earlier proposals of the same workload, purpose and direction. */
async function similarTo(
  ctx: Context,
  { id, workloadId, purpose }: { id: string; workloadId: string; purpose: string },
  { direction }: PlanContent,
): Promise<ProposalDetail['similar']> {
  const like = { id: { not: id }, workloadId, purpose, direction }
  const count = await ctx.db.proposal.count({ where: like })
  const byKind = await ctx.db.decision.groupBy({
    by: ['kind'],
    where: { proposal: like, kind: { in: ['approve', 'override', 'reject'] } },
    _count: true,
  })
  const of = (kind: string) => byKind.find((group) => group.kind === kind)?._count ?? 0
  return { count, approved: of('approve'), overridden: of('override'), rejected: of('reject') }
}
