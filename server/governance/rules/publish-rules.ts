import { append, contentHashOf } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { actorUserId, authorise, type Verb } from '../../kernel/context.ts'
import { ConflictError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { lockInOrder, rulesChange } from '../locks.ts'
import { draftToPublish } from '../versioned-draft.ts'
import { failingTests } from './check-written.ts'
import { type PublishRulesInput, publishRulesInput } from './contract.ts'
import { differencesOf } from './differences.ts'
import { newestDraft, ruleSetInForce, storedRules } from './stored-rules.ts'

/**
 * Puts the newest draft in force as a new version. Approvals that the new rules judge otherwise are void from then on; what
 * waits is planned anew with the next turn.
 * @throws ConflictError if it is not the newest draft, another version came into force meanwhile, nothing differs, or a test of a
 *   written rule does not hold.
 */
export async function publishRules({ ctx, input }: Verb<PublishRulesInput>): Promise<{ version: number }> {
  authorise(ctx, 'policy.manage')
  const { draftNumber, basedOnVersion, reason } = parseInput(publishRulesInput, input, 'publication')
  return transact(ctx, async (tx) => {
    await lockInOrder(tx, [rulesChange])
    const inForce = await ruleSetInForce(tx)
    const draft = draftToPublish(
      {
        version: inForce.version,
        called: `Version ${inForce.version} of the rules`,
        draft: await newestDraft(tx),
      },
      { draftNumber, basedOnVersion },
    )
    const rules = storedRules(draft.rules)
    const changes = differencesOf(inForce.rules, rules)
    if (changes.length === 0) throw new ConflictError('The draft says what is published already.')
    const failing = failingTests(rules)
    if (failing.length > 0) {
      throw new ConflictError(`A test of a written rule does not hold: ${failing.join('; ')}.`)
    }
    const version = inForce.version + 1
    const hash = contentHashOf(rules)
    await tx.ruleSet.create({
      data: {
        version,
        rules,
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
      action: 'rules.publish',
      subject: `rule-set/${version}`,
      body: { version, draftNumber, reason, hash, changes },
    })
    return { version }
  })
}
