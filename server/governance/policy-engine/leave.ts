import { contentHashOf } from '../../audit/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { ConflictError, UnavailableError } from '../../kernel/errors.ts'
import type { EngineVerdict } from '../../kernel/generated/client.ts'
import { transact } from '../../kernel/transact.ts'
import type { PlanContent } from '../../plan/contract.ts'
import { brokenBounds } from '../bounds.ts'
import type { Waiver } from '../contract.ts'
import { askEngine } from './ask.ts'
import type { EngineQuestion } from './contract.ts'
import type { EngineInForce } from './in-force.ts'
import { type Matter, questionOf } from './question.ts'
import { resultOf, verdictWords } from './verdicts.ts'

/** So long after it was given, a verdict is none any more: that of a moment is for that moment. */
const freshMs = 60_000
/** Numbers and people may move under a question; after so many it is for the person to look again. */
const maxRounds = 3

/** Verdicts that were asked for on behalf of one call, by the hash of their question. No other call may use them. */
export type Asked = Map<string, string>

/** What a transaction needs to know of the engine before it can go on; it is rolled back, the engine asked, and run again. */
export class UnaskedError extends Error {
  readonly engine: EngineInForce
  readonly question: EngineQuestion

  constructor(engine: EngineInForce, question: EngineQuestion) {
    super('The policy engine has not been asked.')
    this.name = 'UnaskedError'
    this.engine = engine
    this.question = question
  }
}

/**
 * `transact` for what the policy engine has a say in. No transaction is open while the engine is asked: what `work` asks about by
 * `engineVerdict` is asked between two runs, so `work` must have no effect outside of its transaction.
 * @throws ConflictError while the matter moves faster than it can be asked about
 */
export async function transactAsked<T>(ctx: Context, work: (tx: Tx, asked: Asked) => Promise<T>): Promise<T> {
  const asked: Asked = new Map()
  for (let round = 1; ; round++) {
    try {
      return await transact(ctx, (tx) => work(tx, asked))
    } catch (error) {
      if (!(error instanceof UnaskedError)) throw error
      if (round > maxRounds)
        throw new ConflictError('It moved each time the policy engine was asked about it. Look at it again.')
      const verdict = await askEngine(ctx, error.engine, error.question)
      asked.set(verdict.questionHash, verdict.id)
    }
  }
}

/** With the engine that is asked; null where none is. It has to stay the same until the transaction ends. */
type Held<M> = M & { engine: EngineInForce | null }

export type Leave = { verdict: EngineVerdict; engine: EngineInForce }

/**
 * What the engine in force says of exactly this matter; null where no engine is asked.
 * @throws UnaskedError unless it was asked just now, on behalf of this call, or a recent yes is enough
 */
export async function engineVerdict(
  tx: Tx,
  { clock }: Context,
  asked: Asked,
  { engine, ...matter }: Held<Matter>,
): Promise<Leave | null> {
  if (engine === null) return null
  const question = await questionOf(tx, matter)
  const questionHash = contentHashOf(question)
  const id = asked.get(questionHash)
  const ofMatter = { questionHash, contentHash: question.contentHash, engineVersion: engine.version }
  const counts = id === undefined ? { outcome: 'allow' as const } : { id }
  const verdict =
    id === undefined && !matter.recentIsEnough
      ? null
      : await tx.engineVerdict.findFirst({
          where: { ...ofMatter, ...counts, at: { gt: new Date(clock.now().getTime() - freshMs) } },
          orderBy: { number: 'desc' },
        })
  if (verdict === null) throw new UnaskedError(engine, question)
  return { verdict, engine }
}

/**
 * The plan with what the engine says of it among what the rules say.
 * @throws UnavailableError where it gave no verdict: without one nothing is decided, whoever asks
 */
export async function judgedByEngine(
  tx: Tx,
  ctx: Context,
  asked: Asked,
  { judged, ...matter }: Held<Matter & { judged: PlanContent }>,
): Promise<PlanContent> {
  const leave = await engineVerdict(tx, ctx, asked, matter)
  if (leave === null) return judged
  const { verdict, engine } = leave
  if (verdict.outcome === 'none')
    throw new UnavailableError(`${verdictWords(verdict)} Without a verdict nothing is decided.`)
  return { ...judged, policyResults: [...judged.policyResults, resultOf(verdict, engine)] }
}

/**
 * Why the engine does not let an approval be carried out, to go on a sentence; null if it does, or none is asked. `silent`: it gave no
 * verdict. A waiver is for the denial that was waived: the same engine with the same reasons.
 */
export async function whyEngineRefuses(
  tx: Tx,
  ctx: Context,
  asked: Asked,
  { waiver, ...matter }: Held<Matter & { waiver: Waiver | null }>,
): Promise<{ why: string; silent: boolean } | null> {
  const leave = await engineVerdict(tx, ctx, asked, matter)
  if (leave === null) return null
  const [refused] = brokenBounds({ policyResults: [resultOf(leave.verdict, leave.engine)] }, waiver)
  if (refused === undefined) return null
  const why = refused.replace(/^The/, 'the').replace(/\.$/, '')
  return { why, silent: leave.verdict.outcome === 'none' }
}
