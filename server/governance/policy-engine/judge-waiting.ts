import { authorise, type Context } from '../../kernel/context.ts'
import { storedContent } from '../stored.ts'
import { askEngine } from './ask.ts'
import { engineInForce } from './in-force.ts'
import { questionOf } from './question.ts'

/** Asked about in one go; the next go takes the next. */
const atOnce = 100
/** So long an engine that gave no verdict is left alone, except by those who decide. */
const patienceMs = 60_000

/**
 * Asks the engine in force about what waits and was not asked about yet as it is, the most urgent first, so that it stands on the page
 * before anybody decides. Stops at the first question without a verdict. Returns how many verdicts there are more.
 */
export async function judgeWaiting({ ctx }: { ctx: Context }): Promise<number> {
  authorise(ctx, 'proposal.create')
  const { db, clock } = ctx
  const engine = await engineInForce(db)
  if (engine === null) return 0
  const since = new Date(clock.now().getTime() - patienceMs)
  const silent = await db.engineVerdict.count({
    where: { engineVersion: engine.version, decision: 'propose', outcome: 'none', at: { gt: since } },
  })
  if (silent > 0) return 0
  const due = await db.$queryRaw<{ id: string }[]>`
    SELECT p."id" FROM "Proposal" p
    WHERE p."state" = 'waiting' AND NOT EXISTS (
      SELECT 1 FROM "EngineVerdict" v
      WHERE v."contentHash" = p."contentHash" AND v."engineVersion" = ${engine.version}
        AND v."proposalId" = p."id" AND v."outcome" <> 'none'
    )
    ORDER BY p."actBy" LIMIT ${atOnce}`
  let judged = 0
  for (const { id } of due) {
    const proposal = await db.proposal.findUniqueOrThrow({ where: { id } })
    const content = storedContent(proposal.content)
    const question = await questionOf(db, { proposal, content, decision: 'propose', approvers: [] })
    const { outcome } = await askEngine(ctx, engine, question)
    if (outcome === 'none') break
    judged++
  }
  return judged
}
