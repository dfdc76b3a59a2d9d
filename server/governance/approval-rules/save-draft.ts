import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { actorUserId, authorise, type Verb } from '../../kernel/context.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { requireLookedAt } from '../versioned-draft.ts'
import { type SaveApprovalDraftInput, saveApprovalDraftInput } from './contract.ts'
import { approvalPolicyInForce, lockApprovalPolicy, newestApprovalDraft } from './stored-policy.ts'
import { differencesOf } from './words.ts'

/**
 * Saves what an admin drafted of the rules of approval; nothing is in force by it.
 * @throws ConflictError if somebody saved another draft since the admin looked.
 */
export async function saveApprovalDraft({
  ctx,
  input,
}: Verb<SaveApprovalDraftInput>): Promise<{ draftNumber: number }> {
  authorise(ctx, 'policy.manage')
  const { policy, basedOnDraft } = parseInput(saveApprovalDraftInput, input, 'draft')
  return transact(ctx, async (tx) => {
    await lockApprovalPolicy(tx)
    const current = (await newestApprovalDraft(tx))?.number ?? 0
    requireLookedAt(current, basedOnDraft)
    const inForce = await approvalPolicyInForce(tx)
    const number = current + 1
    await tx.approvalDraft.create({
      data: {
        number,
        basedOnVersion: inForce.version,
        policy,
        authorId: actorUserId(ctx.actor),
        createdAt: ctx.clock.now(),
      },
    })
    await announce(tx, { topic: 'policy' })
    await append(tx, ctx, {
      stage: 'governance',
      action: 'approvals.draft',
      subject: `approval-draft/${number}`,
      body: { draftNumber: number, version: inForce.version, changes: differencesOf(inForce, policy) },
    })
    return { draftNumber: number }
  })
}
