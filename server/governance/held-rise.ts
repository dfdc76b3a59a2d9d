import { z } from 'zod'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { whatHoldsRises } from '../plan/index.ts'
import type { HeldRise } from './contract.ts'
import { planInputNow } from './world.ts'

const byWorkload = z.object({ workloadId: z.uuid() })

/** The rules and bounds that let no pool of a workload take more now; empty where some pool may, or nothing can be planned. @throws NotFoundError */
export async function heldRise({ ctx, input }: Verb<{ workloadId: string }>): Promise<HeldRise[]> {
  authorise(ctx, 'proposal.read')
  const { workloadId } = parseInput(byWorkload, input, 'request')
  const workload = await ctx.db.workload.findUnique({ where: { id: workloadId }, select: { id: true } })
  if (!workload) throw new NotFoundError('workload', workloadId)
  try {
    const held = whatHoldsRises(await planInputNow(ctx.db, ctx, workloadId))
    return held.map(({ name, rule, message }) => ({
      name: name ?? rule,
      published: name !== undefined,
      message,
    }))
  } catch (error) {
    // Without a pool, a policy or a forecast no rise is planned, and none is held.
    if (error instanceof ConflictError) return []
    throw error
  }
}
