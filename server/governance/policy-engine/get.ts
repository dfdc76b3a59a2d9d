import { authorise, type Context } from '../../kernel/context.ts'
import type { PolicyEngineView } from './contract.ts'
import { engineInForce, engineRow } from './in-force.ts'
import { verdictView } from './verdicts.ts'

const shown = 20

/** How the policy engine stands and what it said lately; without its token. */
export async function getPolicyEngine({ ctx }: { ctx: Context }): Promise<PolicyEngineView> {
  authorise(ctx, 'policy.read')
  const row = await engineRow(ctx.db)
  const engine = await engineInForce(ctx.db)
  const recent = await ctx.db.engineVerdict.findMany({
    where: { engineVersion: row?.version ?? 0 },
    orderBy: { number: 'desc' },
    take: shown,
  })
  return {
    version: row?.version ?? 0,
    engine: engine && {
      url: engine.url,
      hasToken: engine.encryptedToken !== null,
      timeoutMs: engine.timeoutMs,
      enforcement: engine.enforcement,
    },
    updatedAt: row?.updatedAt.toISOString() ?? null,
    recent: recent.map(verdictView),
  }
}
