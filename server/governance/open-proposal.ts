import type { Context } from '../kernel/context.ts'
import { Prisma, type Tx } from '../kernel/db.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import { type Lock, lockInOrder, workloads } from './locks.ts'
import { storedActor } from './stored.ts'
import { did, instant, whoIs } from './words.ts'

/** What the deciding person had on the screen. */
export type Seen = { proposalId: string; revision: number; contentHash: string }

/**
 * The proposal that a person decides on, locked until the transaction ends, if it is still what they saw.
 * @throws NotFoundError, or ConflictError that says who was first, what changed, or since when it is too late.
 */
export async function openProposal(
  tx: Tx,
  ctx: Context,
  seen: Seen,
  further: readonly Lock[] = [],
): Promise<Proposal> {
  const proposal = await lockedProposal(tx, seen.proposalId, further)
  if (proposal.state !== 'waiting') throw await decidedConflict(tx, proposal)
  if (proposal.revision !== seen.revision || proposal.contentHash !== seen.contentHash) {
    const why = proposal.voidReason ? ` ${proposal.voidReason}` : ''
    throw new ConflictError(
      `#${proposal.number} changed since you opened it.${why} Look at it again before you decide.`,
      [{ path: 'revision', message: `you saw ${seen.revision}`, expected: String(proposal.revision) }],
    )
  }
  if (proposal.expiresAt <= ctx.clock.now()) {
    throw new ConflictError(
      `#${proposal.number} expired at ${instant(proposal.expiresAt)}; nothing was decided.`,
    )
  }
  return proposal
}

/** A proposal with every workload that it touches locked, and what else is to be held after them. @throws NotFoundError */
export async function lockedProposal(tx: Tx, id: string, further: readonly Lock[] = []): Promise<Proposal> {
  const touched = Prisma.sql`(SELECT p."touchedWorkloadIds" FROM "Proposal" p WHERE p."id" = ${id}::uuid)::uuid[]`
  await lockInOrder(tx, [workloads(touched), ...further])
  const proposal = await tx.proposal.findUnique({ where: { id } })
  if (!proposal) throw new NotFoundError('proposal', id)
  return proposal
}

/** Tells the one who came second who decided what, and when. */
export async function decidedConflict(
  tx: Tx,
  proposal: Pick<Proposal, 'id' | 'number'>,
): Promise<ConflictError> {
  const last = await tx.decision.findFirst({
    where: { proposalId: proposal.id },
    orderBy: { number: 'desc' },
  })
  if (!last) return new ConflictError(`#${proposal.number} is not waiting for a decision.`)
  const why = last.reason ? ` Reason: ${last.reason}` : ''
  return new ConflictError(
    `${whoIs(storedActor(last.actor))} ${did[last.kind]} #${proposal.number} at ${instant(last.at)}.${why}`,
    [
      {
        path: 'proposalId',
        message: `decision ${last.number}: ${last.kind}`,
        expected: 'a waiting proposal',
      },
    ],
  )
}
