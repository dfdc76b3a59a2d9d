import { z } from 'zod'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { expectedRegretUsd } from '../plan/index.ts'
import { replanNow } from './conditions.ts'
import type { ProposalToday } from './contract.ts'
import { storedContent } from './stored.ts'
import { worldNow } from './world.ts'

const byId = z.object({ id: z.uuid() })

/** What the set-points of a proposal would come to by the newest forecast; changes nothing. @throws NotFoundError */
export async function proposalToday({ ctx, input }: Verb<{ id: string }>): Promise<ProposalToday> {
  authorise(ctx, 'proposal.read')
  const { id } = parseInput(byId, input, 'request')
  const proposal = await ctx.db.proposal.findUnique({
    where: { id },
    select: { workloadId: true, content: true },
  })
  if (!proposal) throw new NotFoundError('proposal', id)
  const content = storedContent(proposal.content)
  try {
    const world = await worldNow(ctx.db, ctx, proposal.workloadId, content, { forecast: 'newest' })
    const { effect, evidence, confidence, ...rest } = replanNow(world, content)
    return {
      known: true,
      at: world.own.now,
      forecastOrigin: evidence.forecast.origin,
      sameForecast: evidence.forecast.origin === content.evidence.forecast.origin,
      surgeProbability: evidence.surge?.probability ?? null,
      sloRiskBefore: effect.sloRiskBefore,
      sloRiskAfter: effect.sloRiskAfter,
      confidence,
      costChangePerHourUsd: effect.costChangePerHourUsd,
      regretUsd: expectedRegretUsd({ effect, evidence, confidence, ...rest }),
    }
  } catch (error) {
    if (error instanceof ConflictError) return { known: false, why: error.message }
    throw error
  }
}
