import { actorUserId, authorise, type Context } from '../../kernel/context.ts'
import type { Prisma } from '../../kernel/db.ts'
import { storedActor, storedContent } from '../stored.ts'
import { whoIs } from '../words.ts'
import type { GlassNotice, GlassView } from './contract.ts'

const most = 100
const include = { decisions: { orderBy: { number: 'asc' } } } satisfies Prisma.BreakGlassInclude

/** Every time that the glass was broken: those without a review first, then the newest. */
export async function listGlass({
  ctx,
  input = {},
}: {
  ctx: Context
  input?: { id?: string }
}): Promise<GlassView[]> {
  authorise(ctx, 'policy.read')
  const rows = await ctx.db.breakGlass.findMany({
    where: input.id === undefined ? {} : { id: input.id },
    orderBy: [{ reviewedAt: { sort: 'desc', nulls: 'first' } }, { number: 'desc' }],
    take: most,
    include,
  })
  const now = ctx.clock.now()
  const reader = actorUserId(ctx.actor)
  return rows.map((row) => {
    const active = row.endedAt === null && row.expiresAt > now
    return {
      id: row.id,
      number: row.number,
      userId: row.userId,
      who: whoIs(storedActor(row.actor)),
      reason: row.reason,
      openedAt: row.openedAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
      active,
      decisions: row.decisions.map(({ id, number, kind, at, seen, sent }) => ({
        id,
        number,
        kind,
        at: at.toISOString(),
        summary: storedContent(sent ?? seen).summary,
      })),
      review:
        row.reviewedAt === null
          ? null
          : {
              who: row.reviewActor === null ? '' : whoIs(storedActor(row.reviewActor)),
              note: row.reviewNote ?? '',
              at: row.reviewedAt.toISOString(),
            },
      mayReview: row.reviewedAt === null && !active && reader !== null && reader !== row.userId,
    }
  })
}

/** Glass that is broken now, for the banner on every page, and how many reviews are open. */
export async function glassNotices({
  ctx,
}: {
  ctx: Context
}): Promise<{ broken: GlassNotice[]; toReview: number }> {
  authorise(ctx, 'policy.read')
  const now = ctx.clock.now()
  const broken = await ctx.db.breakGlass.findMany({
    where: { endedAt: null, expiresAt: { gt: now } },
    orderBy: { expiresAt: 'asc' },
  })
  const toReview = await ctx.db.breakGlass.count({
    where: { reviewedAt: null, OR: [{ endedAt: { not: null } }, { expiresAt: { lte: now } }] },
  })
  return {
    broken: broken.map(({ id, actor, expiresAt, reason }) => ({
      id,
      who: whoIs(storedActor(actor)),
      until: expiresAt.toISOString(),
      reason,
    })),
    toReview,
  }
}
