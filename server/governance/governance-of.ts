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

type Governance = Pick<ProposalDetail, 'approval' | 'automation' | 'engine' | 'failSafe' | 'counter' | 'undo'>

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
    undo: await undoOf(ctx, proposal),
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

/** The approval that dispatch has not used yet. */
async function undoOf({ db }: Context, { id, state }: AskedProposal): Promise<Governance['undo']> {
  if (state !== 'approved') return null
  const last = await db.decision.findFirst({
    where: { proposalId: id, kind: { in: ['approve', 'override'] } },
    orderBy: { number: 'desc' },
  })
  if (last === null || last.usedAt !== null) return null
  return {
    decisionId: last.id,
    notBefore: (last.notBefore ?? last.at).toISOString(),
    notAfter: last.notAfter?.toISOString() ?? null,
  }
}
