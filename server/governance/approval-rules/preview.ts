import { authorise, type Verb } from '../../kernel/context.ts'
import type { Prisma, Tx } from '../../kernel/db.ts'
import { parseInput } from '../../kernel/parse.ts'
import { storedApproval, storedContent } from '../stored.ts'
import { automationOf } from './automation.ts'
import {
  type ApprovalPolicyInForce,
  type ApprovalPreview,
  type ApprovalPreviewRow,
  type PreviewApprovalsInput,
  previewApprovalsInput,
} from './contract.ts'
import { factsOf } from './facts.ts'
import { givenBy } from './given.ts'
import { clausesOf } from './match.ts'
import { isMet, standingOf } from './satisfied.ts'
import { approvalPolicyInForce, newestApprovalDraft, storedApprovalPolicy } from './stored-policy.ts'
import { askedWords } from './words.ts'

const dayMs = 24 * 3_600_000
/** More proposals than this are not looked at, nor more rows given back; the answer says how many were left. */
const mostProposals = 500
const mostRows = 100

/**
 * Which past proposals other rules of approval would have asked for otherwise, and whether those who approved them would have
 * been enough. Who shares their capacity, and the bounds of their workloads, are those of now. Changes nothing.
 */
export async function previewApprovals({
  ctx,
  input,
}: Verb<PreviewApprovalsInput>): Promise<ApprovalPreview> {
  authorise(ctx, 'policy.read')
  const { policy: given, days } = parseInput(previewApprovalsInput, input, 'preview')
  const { db } = ctx
  const inForce = await approvalPolicyInForce(db)
  const draft = given ? null : await newestApprovalDraft(db)
  const wanted = given ?? (draft ? storedApprovalPolicy(draft.policy) : inForce)
  const to = ctx.clock.now()
  const from = new Date(to.getTime() - days * dayMs)
  const where = { createdAt: { gte: from, lte: to } }
  const proposals = await db.proposal.findMany({
    where,
    orderBy: { number: 'desc' },
    take: mostProposals,
    include,
  })
  const total = await db.proposal.count({ where })
  const rows: ApprovalPreviewRow[] = []
  for (const proposal of proposals) {
    const row = await rowOf(db, proposal, inForce, { ...wanted, version: inForce.version + 1 })
    if (row) rows.push(row)
  }
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    checked: proposals.length,
    left: Math.max(0, total - proposals.length),
    changed: rows.length,
    notEnough: rows.filter(({ enough }) => enough === false).length,
    rows: rows.toSorted((a, b) => Number(a.enough ?? true) - Number(b.enough ?? true)).slice(0, mostRows),
  }
}

const include = {
  workload: { select: { name: true, title: true } },
  decisions: { where: { kind: { in: ['approve', 'override'] } }, orderBy: { number: 'desc' }, take: 1 },
} satisfies Prisma.ProposalInclude
type Past = Prisma.ProposalGetPayload<{ include: typeof include }>

async function rowOf(
  tx: Tx,
  proposal: Past,
  inForce: ApprovalPolicyInForce,
  wanted: ApprovalPolicyInForce,
): Promise<ApprovalPreviewRow | null> {
  const content = storedContent(proposal.content)
  const facts = await factsOf(tx, proposal, content)
  const askedBy = async (policy: ApprovalPolicyInForce) => {
    const clauses = clausesOf(policy.approvals, facts)
    const { level } = await automationOf(tx, proposal, content, { policy, facts })
    return { clauses, words: askedWords(clauses, level) }
  }
  const now = await askedBy(inForce)
  const then = await askedBy(wanted)
  if (now.words === then.words) return null
  const [decision] = proposal.decisions
  const given = decision
    ? decision.approval === null
      ? givenBy(decision)
      : storedApproval(decision.approval).given
    : []
  return {
    proposalId: proposal.id,
    number: proposal.number,
    summary: proposal.summary,
    workload: proposal.workload,
    at: proposal.createdAt.toISOString(),
    outcome: decision?.kind === 'override' ? 'overridden' : proposal.state,
    now: now.words,
    would: then.words,
    enough: decision ? isMet(standingOf(then.clauses, given)) : null,
  }
}
