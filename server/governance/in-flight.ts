import type { Context } from '../kernel/context.ts'
import type { Prisma, Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import type { DispatchState, Proposal } from '../kernel/generated/client.ts'

export const unfinished = ['pending', 'dispatching', 'unknown', 'rolling_back'] as const

/**
 * Approvals of such proposals on their way to a target. What is approved for a window that has not begun is not on its way: it binds what it
 * was approved on, and is void if that moves. `still`: states of a dispatch in which it counts.
 */
export function onItsWay(
  now: Date,
  proposal: Prisma.ProposalWhereInput,
  still: readonly DispatchState[] = unfinished,
): Prisma.DecisionWhereInput {
  return {
    kind: { in: ['approve', 'override'] },
    proposal: { state: 'approved', ...proposal },
    OR: [{ dispatch: null }, { dispatch: { state: { in: [...still] } } }],
    NOT: { usedAt: null, notAfter: { not: null }, notBefore: { gt: now } },
  }
}

/** What a plan would change, and why. */
export type Reach = Pick<Proposal, 'purpose' | 'touchedWorkloadIds' | 'touchedTargetIds'>

/**
 * The approval that is on its way to a target and that a plan of this reach has to wait for: whose effect on a workload that
 * both touch is not known yet. A job that does harm is stopped meanwhile, unless the same target is being written.
 */
export async function approvalInFlight(
  tx: Tx,
  { clock }: Pick<Context, 'clock'>,
  reach: Reach,
): Promise<{ proposalNumber: number } | null> {
  const shared =
    reach.purpose === 'stop-harm'
      ? { touchedTargetIds: { hasSome: reach.touchedTargetIds } }
      : { touchedWorkloadIds: { hasSome: reach.touchedWorkloadIds } }
  const found = await tx.decision.findFirst({
    where: onItsWay(clock.now(), shared),
    orderBy: { number: 'desc' },
    select: { proposal: { select: { number: true } } },
  })
  return found && { proposalNumber: found.proposal.number }
}

/** @throws ConflictError that names what is being carried out */
export async function refuseWhileInFlight(tx: Tx, ctx: Context, reach: Reach): Promise<void> {
  const inFlight = await approvalInFlight(tx, ctx, reach)
  if (inFlight) {
    throw new ConflictError(
      `#${inFlight.proposalNumber} is being carried out on the same workload; decide when that is done.`,
    )
  }
}
