import { z } from 'zod'
import { authorise, type Context, type Verb } from '../../kernel/context.ts'
import { NotFoundError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import type { BaseModelDetail, BaseModelList } from './contract.ts'
import { baseDetail, baseInclude, baseRow, baseRowFields, liveVersion, shippedRow } from './stored-base.ts'

const byId = z.object({ id: z.uuid() })
/** Refits come weekly: years of them. */
const mostRows = 200

/** One refitted base with its forgetting test and what was decided. @throws NotFoundError */
export async function getBase({ ctx, input }: Verb<{ id: string }>): Promise<BaseModelDetail> {
  authorise(ctx, 'baseModel.read')
  const { id } = parseInput(byId, input, 'request')
  const base = await ctx.db.baseModel.findUnique({ where: { id }, include: baseInclude })
  if (base === null) throw new NotFoundError('base model', id)
  return baseDetail(base, await liveVersion(ctx.db))
}

/** All bases, newest first, the shipped one last; which is live, and how many wait for a person. */
export async function listBases({ ctx }: { ctx: Context }): Promise<BaseModelList> {
  authorise(ctx, 'baseModel.read')
  const live = await liveVersion(ctx.db)
  const found = await ctx.db.baseModel.findMany({
    orderBy: { number: 'desc' },
    take: mostRows,
    select: baseRowFields,
  })
  const rows = found.map((base) => {
    const { test: _, ...row } = baseRow(base, live)
    return row
  })
  const waiting = rows.filter(({ state, passed }) => state === 'waiting' && passed).length
  return { rows: [...rows, shippedRow(live)], waiting }
}

/** How many candidates passed their test and wait for a person. */
export async function countBases({ ctx }: { ctx: Context }): Promise<{ waiting: number }> {
  authorise(ctx, 'baseModel.read')
  return { waiting: await ctx.db.baseModel.count({ where: { state: 'waiting', passed: true } }) }
}
