import type { Context } from '../kernel/context.ts'
import { actorUserId } from '../kernel/context.ts'
import type { Decision } from '../kernel/generated/client.ts'
import type { PlanContent } from '../plan/contract.ts'
import { automationOf } from './approval-rules/automation.ts'
import { type AskedProposal, factsOf } from './approval-rules/facts.ts'
import { failSafeNow } from './approval-rules/fail-safe.ts'
import { approvalStanding } from './approval-rules/standing.ts'
import { approvalPolicyInForce } from './approval-rules/stored-policy.ts'
import type { ProposalDetail } from './contract.ts'
import { engineStanding } from './policy-engine/verdicts.ts'
import { storedActor, storedContent, storedDifference } from './stored.ts'
import { whoIs } from './words.ts'

type Governance = Pick<
  ProposalDetail,
  'approval' | 'automation' | 'engine' | 'failSafe' | 'counter' | 'carriedOut' | 'undo'
>

/** Who has to say yes to a proposal and who did, what decides it otherwise, and what can still be taken back. */
export async function governanceOf(
  ctx: Context,
  proposal: AskedProposal,
  content: PlanContent,
): Promise<Governance> {
  const { db } = ctx
  const policy = await approvalPolicyInForce(db)
  const facts = await factsOf(db, proposal, content)
  const { level, by, held } = await automationOf(db, proposal, content, { policy, facts })
  const waits = proposal.state === 'waiting'
  return {
    approval: await approvalStanding(db, ctx, proposal, content),
    automation: { level, by, held },
    engine: await engineStanding(db, proposal),
    failSafe: waits ? (await failSafeNow(db, proposal, content, { policy, facts })).standing : null,
    counter: await counterOf(ctx, proposal),
    ...(await afterApproval(ctx, proposal)),
  }
}

async function counterOf(ctx: Context, { counterId }: AskedProposal): Promise<Governance['counter']> {
  if (counterId === null) return null
  const counter = await ctx.db.decision.findUniqueOrThrow({ where: { id: counterId } })
  return {
    ...writtenBy(counter),
    ...wordsOf(counter),
    mine: counter.userId === actorUserId(ctx.actor),
    window: windowOf(counter),
  }
}

const windowOf = ({ notBefore, notAfter }: Decision) =>
  notAfter && { notBefore: notBefore?.toISOString() ?? null, notAfter: notAfter.toISOString() }

const writtenBy = ({ id, userId, actor, at }: Decision) => ({
  decisionId: id,
  userId: userId ?? '',
  who: whoIs(storedActor(actor)),
  at: at.toISOString(),
})

const wordsOf = ({ reason, seen, difference }: Decision) => ({
  reason: reason ?? '',
  proposed: storedContent(seen),
  difference: difference === null ? [] : storedDifference(difference),
})

/** What becomes of the approval, and whether it can be taken back: not once dispatch used it, or gave up on it. */
async function afterApproval(
  { db }: Context,
  { id, state }: AskedProposal,
): Promise<Pick<Governance, 'carriedOut' | 'undo'>> {
  if (state !== 'approved') return { carriedOut: null, undo: null }
  const last = await db.decision.findFirst({
    where: { proposalId: id, kind: { in: ['approve', 'override'] } },
    orderBy: { number: 'desc' },
    include: { dispatch: { select: { state: true, note: true, deadAt: true } } },
  })
  if (last === null) return { carriedOut: null, undo: null }
  const { dispatch } = last
  const begun = dispatch !== null && (dispatch.state !== 'pending' || dispatch.deadAt !== null)
  return {
    carriedOut: dispatch && { note: dispatch.note, dead: dispatch.deadAt !== null },
    undo:
      last.usedAt !== null || begun
        ? null
        : {
            decisionId: last.id,
            notBefore: (last.notBefore ?? last.at).toISOString(),
            notAfter: last.notAfter?.toISOString() ?? null,
          },
  }
}
