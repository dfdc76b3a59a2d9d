import { randomUUID } from 'node:crypto'
import { actorUserId, type Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import type { ApprovalPolicyInput } from '../contract.ts'
import { getApprovals, publishApprovals, saveApprovalDraft } from '../index.ts'

/** Puts rules of approval in force by the real verbs. */
export async function publishRulesOfApproval(ctx: Context, policy: ApprovalPolicyInput): Promise<number> {
  const { version, draftNumber } = await getApprovals({ ctx })
  const saved = await saveApprovalDraft({ ctx, input: { policy, basedOnDraft: draftNumber } })
  const input = { ...saved, basedOnVersion: version, reason: 'for a test' }
  return (await publishApprovals({ ctx, input })).version
}

/** A group of these people; called what it has to be called so that tests that share a database do not meet. */
export async function teamOf(db: Db, name: string, ...people: Context[]): Promise<string> {
  const own = `${name}-${randomUUID().slice(0, 8)}`
  const createdAt = new Date()
  await db.group.create({
    data: {
      id: randomUUID(),
      name: own,
      title: name,
      createdAt,
      members: { create: people.map(({ actor }) => ({ userId: actorUserId(actor) ?? '', createdAt })) },
    },
  })
  return own
}
