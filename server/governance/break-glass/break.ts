import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { actorUserId, authorise, type Verb } from '../../kernel/context.ts'
import { ConflictError, ForbiddenError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { instant } from '../words.ts'
import { type GlassView, type OpenGlassInput, openGlassInput } from './contract.ts'
import { listGlass } from './list.ts'
import { openGlassOf } from './open-glass.ts'

/**
 * Breaks the glass: for at most an hour one yes of this person is enough where the rules of approval ask for more. Never for
 * their own override, and never past a rule or bound that holds hard. Everybody sees it, and somebody else reviews it.
 * @throws ConflictError while one of theirs is broken, or waits for its review.
 */
export async function breakGlass({ ctx, input }: Verb<OpenGlassInput>): Promise<GlassView> {
  authorise(ctx, 'breakGlass.open')
  const { minutes, reason } = parseInput(openGlassInput, input, 'request')
  const { actor } = ctx
  const userId = actorUserId(actor)
  if (actor.kind !== 'user' || userId === null)
    throw new ForbiddenError('Only a person who is signed in breaks the glass: no key and no rule does.')
  const id = ctx.ids.uuid()
  await transact(ctx, async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM "User" WHERE "id" = ${userId}::uuid FOR UPDATE`
    const now = ctx.clock.now()
    const open = await openGlassOf(tx, userId, now)
    if (open) throw new ConflictError(`You broke the glass already, until ${instant(open.expiresAt)}.`)
    const unreviewed = await tx.breakGlass.findFirst({ where: { userId, reviewedAt: null } })
    if (unreviewed)
      throw new ConflictError(
        `Nobody has reviewed yet what you did under broken glass ${unreviewed.number}. Somebody else closes that first.`,
      )
    const expiresAt = new Date(now.getTime() + minutes * 60_000)
    await tx.breakGlass.create({ data: { id, userId, actor, reason, openedAt: now, expiresAt } })
    await announce(tx, { topic: 'policy' })
    await append(tx, ctx, {
      stage: 'governance',
      action: 'break-glass.open',
      subject: `break-glass/${id}`,
      body: { reason, minutes, until: expiresAt.toISOString() },
    })
  })
  const [view] = await listGlass({ ctx, input: { id } })
  if (!view) throw new Error(`Broken glass ${id} is gone.`)
  return view
}
