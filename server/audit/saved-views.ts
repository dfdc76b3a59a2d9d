import type { z } from 'zod'
import { actorUserId, type Context, type Verb } from '../kernel/context.ts'
import { ForbiddenError, InvalidInputError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { append } from './append.ts'
import { removeViewInput, type SavedView, saveViewInput, viewsQuery } from './contract.ts'

/** More would be no list to choose from. */
const most = 50

function personOf(ctx: Context): string {
  const userId = actorUserId(ctx.actor)
  if (userId === null) throw new ForbiddenError('Views are kept by people.')
  return userId
}

/** What the person keeps of a page's filters, by name. */
export async function listViews({ ctx, input }: Verb<z.input<typeof viewsQuery>>): Promise<SavedView[]> {
  const userId = personOf(ctx)
  const { page } = parseInput(viewsQuery, input, 'query')
  const rows = await ctx.db.savedView.findMany({ where: { userId, page }, orderBy: { name: 'asc' } })
  return rows.map(({ id, name, query }) => ({ id, name, query }))
}

/** Keeps a view under a name; one of the same name is replaced. @throws InvalidInputError if the person keeps too many */
export async function saveView({ ctx, input }: Verb<z.input<typeof saveViewInput>>): Promise<{ id: string }> {
  const userId = personOf(ctx)
  const { page, name, query } = parseInput(saveViewInput, input, 'view')
  return transact(ctx, async (tx) => {
    const key = { userId_page_name: { userId, page, name } }
    const before = await tx.savedView.findUnique({ where: key })
    if (!before && (await tx.savedView.count({ where: { userId, page } })) >= most) {
      throw new InvalidInputError(`You keep ${most} views of this page already; remove one first.`)
    }
    const { id } = await tx.savedView.upsert({
      where: key,
      create: { id: ctx.ids.uuid(), userId, page, name, query, createdAt: ctx.clock.now() },
      update: { query },
    })
    const body = { page, name, query }
    await append(tx, ctx, { stage: 'audit', action: 'view.saved', subject: `view/${id}`, body })
    return { id }
  })
}

/** Forgets one of the person's own views. @throws NotFoundError, also for somebody else's */
export async function removeView({ ctx, input }: Verb<z.input<typeof removeViewInput>>): Promise<void> {
  const userId = personOf(ctx)
  const { id } = parseInput(removeViewInput, input, 'view')
  await transact(ctx, async (tx) => {
    const view = await tx.savedView.findUnique({ where: { id, userId } })
    if (!view) throw new NotFoundError('view', id)
    await tx.savedView.delete({ where: { id } })
    const body = { page: view.page, name: view.name }
    await append(tx, ctx, { stage: 'audit', action: 'view.removed', subject: `view/${id}`, body })
  })
}
