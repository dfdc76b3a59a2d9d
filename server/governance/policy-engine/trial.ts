import { append, contentHashOf } from '../../audit/index.ts'
import { authorise, type Context, type Verb } from '../../kernel/context.ts'
import { NotFoundError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { storedContent } from '../stored.ts'
import { answerOf } from './ask.ts'
import {
  type EngineQuestion,
  type EngineSettings,
  type PolicyEngineTrial,
  type TestPolicyEngineInput,
  testPolicyEngineInput,
} from './contract.ts'
import { httpEngine } from './http-engine.ts'
import { type EngineInForce, engineInForce, engineRow } from './in-force.ts'
import { questionOf } from './question.ts'
import { sampleQuestion } from './sample.ts'
import { sealedToken } from './set.ts'
import { answerWords } from './verdicts.ts'

/**
 * Asks once about the newest proposal that waits, or about a sample, and shows question and answer: by the settings in force, or by those
 * that are given. Nothing of it counts as a verdict.
 * @throws NotFoundError where nothing is set and nothing given, InvalidInputError naming the setting
 */
export async function testPolicyEngine({
  ctx,
  input,
}: Verb<TestPolicyEngineInput>): Promise<PolicyEngineTrial> {
  authorise(ctx, 'policy.manage')
  const { settings } = parseInput(testPolicyEngineInput, input, 'request')
  const engine = settings ? await engineOf(ctx, settings) : await engineInForce(ctx.db)
  if (engine === null) throw new NotFoundError('policy engine', 'in force')
  const waiting = await waitingQuestion(ctx)
  const question = waiting ?? sampleQuestion
  const { answer, tookMs } = await answerOf(ctx, engine, question)
  await transact(ctx, (tx) =>
    append(tx, ctx, {
      stage: 'governance',
      action: 'engine.tested',
      subject: 'policy-engine',
      body: {
        url: engine.url,
        inForce: settings === undefined,
        proposalNumber: question.proposal.number,
        questionHash: contentHashOf(question),
        answer,
      },
    }),
  )
  return {
    ok: answer.kind !== 'none',
    about: waiting === null ? 'sample' : 'proposal',
    text: answerWords(answer),
    tookMs,
    question,
    answer,
  }
}

async function engineOf({ db }: Context, settings: EngineSettings): Promise<EngineInForce> {
  const { url, timeoutMs, enforcement, token } = settings
  httpEngine.requireUsable({ url, timeoutMs, token: token ?? null })
  const encryptedToken = sealedToken(await engineRow(db), settings)
  return { version: 0, url, encryptedToken, timeoutMs, enforcement }
}

async function waitingQuestion({ db }: Context): Promise<EngineQuestion | null> {
  const proposal = await db.proposal.findFirst({
    where: { state: 'waiting' },
    orderBy: { number: 'desc' },
  })
  if (proposal === null) return null
  const content = storedContent(proposal.content)
  return questionOf(db, { proposal, content, decision: 'propose', approvers: [] })
}
