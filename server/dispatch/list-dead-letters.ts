import { authorise, type Context } from '../kernel/context.ts'
import type { DeadLetterView } from './contract.ts'
import { goodUntil } from './good-until.ts'

const atOnce = 200

/** What could not be delivered and waits for a person, the newest first. */
export async function listDeadLetters({ ctx }: { ctx: Context }): Promise<DeadLetterView[]> {
  authorise(ctx, 'decision.read')
  const rows = await ctx.db.dispatch.findMany({
    where: { deadAt: { not: null } },
    orderBy: { deadAt: 'desc' },
    take: atOnce,
    include: {
      actions: { select: { position: true, targetId: true } },
      decision: {
        select: {
          ...{ number: true, proposalId: true, notAfter: true },
          proposal: {
            select: { number: true, expiresAt: true, workload: { select: { id: true, title: true } } },
          },
        },
      },
    },
  })
  const names = await targetNames(ctx, rows)
  return rows.map(({ decisionId, decision, state, note, deadAt, deadPosition, actions }) => {
    const { proposal } = decision
    const at = actions.find(({ position }) => position === deadPosition)
    return {
      ...{ decisionId, decisionNumber: decision.number, state, note },
      ...{ proposalId: decision.proposalId, proposalNumber: proposal.number, workload: proposal.workload },
      targetName: at === undefined ? null : (names.get(at.targetId) ?? null),
      since: (deadAt ?? ctx.clock.now()).toISOString(),
      goodUntil: goodUntil({ state, decision }),
    }
  })
}

async function targetNames(
  { db }: Context,
  rows: { actions: { targetId: string }[] }[],
): Promise<Map<string, string>> {
  const ids = rows.flatMap(({ actions }) => actions.map(({ targetId }) => targetId))
  const targets = await db.target.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  return new Map(targets.map(({ id, name }) => [id, name]))
}
