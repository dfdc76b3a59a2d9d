import { append, contentHashOf } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { actorUserId, authorise, type Verb } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { ConflictError, InvalidInputError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { draftToPublish } from '../versioned-draft.ts'
import { type ApprovalPolicy, type PublishApprovalsInput, publishApprovalsInput } from './contract.ts'
import {
  approvalPolicyInForce,
  lockApprovalPolicy,
  newestApprovalDraft,
  storedApprovalPolicy,
} from './stored-policy.ts'
import { differencesOf } from './words.ts'

/**
 * Puts the newest draft of the rules of approval in force as a new version. What was approved and not carried out stays
 * approved where those who approved it are enough by the new rules, and is void otherwise.
 * @throws ConflictError if it is not the newest draft, another version came into force meanwhile, or nothing differs.
 * @throws InvalidInputError if a rule names a group that nobody belongs to who could approve: nobody could ever meet it.
 */
export async function publishApprovals({
  ctx,
  input,
}: Verb<PublishApprovalsInput>): Promise<{ version: number }> {
  authorise(ctx, 'policy.manage')
  const { draftNumber, basedOnVersion, reason } = parseInput(publishApprovalsInput, input, 'publication')
  return transact(ctx, async (tx) => {
    await lockApprovalPolicy(tx)
    const inForce = await approvalPolicyInForce(tx)
    const draft = draftToPublish(
      {
        version: inForce.version,
        called: `Version ${inForce.version}`,
        draft: await newestApprovalDraft(tx),
      },
      { draftNumber, basedOnVersion },
    )
    const policy = storedApprovalPolicy(draft.policy)
    const changes = differencesOf(inForce, policy)
    if (changes.length === 0) throw new ConflictError('The draft says what is published already.')
    await requireMeetable(tx, policy)
    const version = inForce.version + 1
    const hash = contentHashOf(policy)
    await tx.approvalVersion.create({
      data: {
        version,
        policy,
        hash,
        reason,
        draftNumber,
        authorId: actorUserId(ctx.actor),
        createdAt: ctx.clock.now(),
      },
    })
    await announce(tx, { topic: 'policy' })
    await announce(tx, { topic: 'proposal' })
    await append(tx, ctx, {
      stage: 'governance',
      action: 'approvals.publish',
      subject: `approval-policy/${version}`,
      body: { version, draftNumber, reason, hash, changes },
    })
    return { version }
  })
}

/** A group that is named has to exist, and hold somebody who may decide. */
async function requireMeetable(tx: Tx, { approvals }: ApprovalPolicy): Promise<void> {
  const names = [...new Set(approvals.flatMap(({ from }) => from))]
  const able = await tx.group.findMany({
    where: { name: { in: names }, members: { some: { user: { active: true, roles: { has: 'operator' } } } } },
    select: { name: true },
  })
  const faults = approvals.flatMap(({ name, from }, i) =>
    from
      .filter((group) => !able.some((one) => one.name === group))
      .map((group) => ({
        path: `policy.approvals.${i}.from`,
        message: `no active operator belongs to the group "${group}" that rule ${name} asks for`,
        expected: 'a group with an active operator, made under People',
      })),
  )
  if (faults.length > 0)
    throw new InvalidInputError(
      `Nobody could meet these rules: ${faults.map(({ message }) => message).join('; ')}.`,
      faults,
    )
}
