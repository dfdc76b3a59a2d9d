import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { actorUserId, authorise, type Verb } from '../../kernel/context.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { lockInOrder, rulesChange } from '../locks.ts'
import { requireLookedAt } from '../versioned-draft.ts'
import { requireReadable } from './check-written.ts'
import { type SaveDraftInput, saveDraftInput } from './contract.ts'
import { differencesOf } from './differences.ts'
import { newestDraft, ruleSetInForce } from './stored-rules.ts'

/**
 * Saves what an admin drafted; nothing is in force by it. A draft that says what is published already is none.
 * @throws InvalidInputError naming a written rule that Cedar cannot read, ConflictError if somebody saved another draft since the admin looked.
 */
export async function saveDraft({ ctx, input }: Verb<SaveDraftInput>): Promise<{ draftNumber: number }> {
  authorise(ctx, 'policy.manage')
  const { rules, basedOnDraft } = parseInput(saveDraftInput, input, 'draft')
  requireReadable(rules)
  return transact(ctx, async (tx) => {
    await lockInOrder(tx, [rulesChange])
    const newest = await newestDraft(tx)
    const current = newest?.number ?? 0
    requireLookedAt(current, basedOnDraft)
    const inForce = await ruleSetInForce(tx)
    const number = current + 1
    await tx.ruleDraft.create({
      data: {
        number,
        basedOnVersion: inForce.version,
        rules,
        authorId: actorUserId(ctx.actor),
        createdAt: ctx.clock.now(),
      },
    })
    await announce(tx, { topic: 'policy' })
    await append(tx, ctx, {
      stage: 'governance',
      action: 'rules.draft',
      subject: `rule-draft/${number}`,
      body: { draftNumber: number, version: inForce.version, changes: differencesOf(inForce.rules, rules) },
    })
    return { draftNumber: number }
  })
}
