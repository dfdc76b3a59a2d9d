import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { actorUserId, authorise, type Verb } from '../../kernel/context.ts'
import { ConflictError, ForbiddenError, NotFoundError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { type EndGlassInput, endGlassInput, type ReviewGlassInput, reviewGlassInput } from './contract.ts'

/** Gives broken glass back before its time is over. Whoever broke it, or anybody who could review it. @throws ConflictError */
export async function endGlass({ ctx, input }: Verb<EndGlassInput>): Promise<{ id: string }> {
  authorise(ctx, 'breakGlass.review')
  const { id } = parseInput(endGlassInput, input, 'request')
  return transact(ctx, async (tx) => {
    const now = ctx.clock.now()
    const { count } = await tx.breakGlass.updateMany({
      where: { id, endedAt: null, expiresAt: { gt: now } },
      data: { endedAt: now },
    })
    if (count === 0) throw new ConflictError('That glass is not broken any more.')
    await announce(tx, { topic: 'policy' })
    await append(tx, ctx, {
      stage: 'governance',
      action: 'break-glass.end',
      subject: `break-glass/${id}`,
      body: { at: now.toISOString() },
    })
    return { id }
  })
}

/**
 * Closes the review of what was done under broken glass, with a note, once it is over.
 * @throws ForbiddenError for whoever broke it; ConflictError while it is broken, or was reviewed before.
 */
export async function reviewGlass({ ctx, input }: Verb<ReviewGlassInput>): Promise<{ id: string }> {
  authorise(ctx, 'breakGlass.review')
  const { id, note } = parseInput(reviewGlassInput, input, 'review')
  return transact(ctx, async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM "BreakGlass" WHERE "id" = ${id}::uuid FOR UPDATE`
    const glass = await tx.breakGlass.findUnique({
      where: { id },
      include: { decisions: { select: { id: true } } },
    })
    if (!glass) throw new NotFoundError('broken glass', id)
    const reviewerId = actorUserId(ctx.actor)
    if (reviewerId === null || reviewerId === glass.userId)
      throw new ForbiddenError('Somebody else than who broke the glass reviews it.')
    const now = ctx.clock.now()
    if (glass.reviewedAt !== null) throw new ConflictError('It was reviewed before.')
    if (glass.endedAt === null && glass.expiresAt > now)
      throw new ConflictError('It still is broken: review it when it is over, or end it now.')
    await tx.breakGlass.update({
      where: { id },
      data: { reviewerId, reviewActor: ctx.actor, reviewNote: note, reviewedAt: now },
    })
    await announce(tx, { topic: 'policy' })
    await append(tx, ctx, {
      stage: 'governance',
      action: 'break-glass.review',
      subject: `break-glass/${id}`,
      body: { note, decisions: glass.decisions.map((decision) => decision.id) },
    })
    return { id }
  })
}
