import { append, contentHashOf } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import type { Context } from '../../kernel/context.ts'
import type { EngineVerdict } from '../../kernel/generated/client.ts'
import { privateHosts } from '../../kernel/outbound.ts'
import { transact } from '../../kernel/transact.ts'
import type { EngineAnswer, EngineQuestion } from './contract.ts'
import { httpEngine } from './http-engine.ts'
import { accessOf, type EngineInForce } from './in-force.ts'

/** Asks the engine once and keeps what it said, in the log too. Call it outside of any transaction: it waits for somebody else. */
export async function askEngine(
  ctx: Context,
  engine: EngineInForce,
  question: EngineQuestion,
): Promise<EngineVerdict> {
  const { answer, tookMs } = await answerOf(ctx, engine, question)
  const { version: engineVersion } = engine
  const { id: proposalId } = question.proposal
  const { decision, contentHash } = question
  const questionHash = contentHashOf(question)
  const said = {
    ...{ engineVersion, decision, contentHash, questionHash, outcome: answer.kind, tookMs },
    reasons: answer.kind === 'none' ? [] : answer.reasons,
    problem: answer.kind === 'none' ? answer.problem : null,
  }
  return transact(ctx, async (tx) => {
    const id = ctx.ids.uuid()
    const { actor } = ctx
    const verdict = await tx.engineVerdict.create({
      data: { ...said, id, proposalId, question, actor, at: ctx.clock.now() },
    })
    await announce(tx, { topic: 'proposal', id: proposalId })
    await append(tx, ctx, {
      stage: 'governance',
      action: 'engine.asked',
      subject: `proposal/${proposalId}`,
      body: { ...said, verdictId: id, proposalNumber: question.proposal.number, url: engine.url },
    })
    return verdict
  })
}

/** What the engine says, and how long it took. Never throws: whatever goes wrong is no verdict. */
export async function answerOf(
  ctx: Context,
  engine: EngineInForce,
  question: EngineQuestion,
): Promise<{ answer: EngineAnswer; tookMs: number }> {
  const started = performance.now()
  const answer = await judged(ctx, engine, question)
  return { answer, tookMs: Math.round(performance.now() - started) }
}

async function judged(ctx: Context, engine: EngineInForce, question: EngineQuestion): Promise<EngineAnswer> {
  try {
    return await httpEngine.judge(question, accessOf(engine), { privateHosts: privateHosts() })
  } catch (error) {
    ctx.log.error({ err: error }, 'the policy engine could not be asked')
    return {
      kind: 'none',
      problem: 'it could not be asked; its token may have been kept under another key: set it again',
    }
  }
}
