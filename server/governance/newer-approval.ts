import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import type { Decision, Proposal } from '../kernel/generated/client.ts'
import { onItsWay } from './in-flight.ts'

/**
 * That a newer approval about one of the same targets may be carried out now as well, or was begun while this worker read the
 * target, in words; empty if there is none. Of two that were approved on the same version only one can be written, and that is to
 * be the last word. Only approvals for a window stand beside others: what has none is on its way at once, and nothing is approved
 * beside it.
 */
export async function whyPassed(
  tx: Tx,
  { clock }: Context,
  { decision, proposal }: { decision: Decision; proposal: Proposal },
): Promise<string[]> {
  if (decision.notAfter === null) return []
  const others = { id: { not: proposal.id }, touchedTargetIds: { hasSome: proposal.touchedTargetIds } }
  const newer = await tx.decision.findFirst({
    where: {
      number: { gt: decision.number },
      OR: [onItsWay(clock.now(), others), { usedAt: { not: null }, proposal: others }],
    },
    orderBy: { number: 'desc' },
    select: { proposal: { select: { number: true } } },
  })
  return newer === null
    ? []
    : [`#${newer.proposal.number} was approved later for the same target and goes first`]
}
