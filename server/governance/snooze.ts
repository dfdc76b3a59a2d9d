import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError, InvalidInputError } from '../kernel/errors.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type ProposalDetail, type SnoozeInput, snoozeInput } from './contract.ts'
import { getProposal } from './get-proposal.ts'
import { decidedConflict, lockedProposal } from './open-proposal.ts'
import { instant, whoIs } from './words.ts'

/**
 * Puts a waiting proposal off, for everybody, until a time before its deadline; null brings it back at once. It comes back by
 * itself. The revision stays: nothing is decided, and who has it open can go on.
 * @throws ConflictError if it no longer waits, InvalidInputError if the time is past or after the act-by time
 */
export async function snooze({ ctx, input }: Verb<SnoozeInput>): Promise<ProposalDetail> {
  authorise(ctx, 'proposal.decide')
  const { proposalId, until } = parseInput(snoozeInput, input, 'snooze')
  await transact(ctx, async (tx) => {
    const proposal = await lockedProposal(tx, proposalId)
    if (proposal.state !== 'waiting') throw await decidedConflict(tx, proposal)
    const at = until === null ? null : new Date(until)
    if (at) requireInTime(ctx, proposal, at)
    await setSnooze(tx, ctx, proposal, at)
  })
  return getProposal({ ctx, input: { id: proposalId } })
}

/** Says in the log, and to open pages, that what was put off is back. Lists know by the time alone. Returns how many came back. */
export async function wakeDue({ ctx }: { ctx: Context }): Promise<number> {
  authorise(ctx, 'proposal.create')
  const now = ctx.clock.now()
  const due = await ctx.db.proposal.findMany({
    where: { state: 'waiting', snoozedUntil: { lte: now } },
    select: { id: true },
    orderBy: { snoozedUntil: 'asc' },
    take: 1_000,
  })
  let woken = 0
  for (const { id } of due) {
    woken += await transact(ctx, async (tx) => {
      const proposal = await lockedProposal(tx, id)
      // Decided, or put off again, since it was found.
      if (proposal.state !== 'waiting' || !proposal.snoozedUntil || proposal.snoozedUntil > now) return 0
      await setSnooze(tx, ctx, proposal, null)
      return 1
    })
  }
  return woken
}

function requireInTime(ctx: Context, { number, actBy }: Proposal, until: Date): void {
  const now = ctx.clock.now()
  const last = instant(actBy)
  if (actBy <= now)
    throw new ConflictError(`#${number} should have been acted on by ${last}; it cannot be put off any more.`)
  if (until > now && until <= actBy) return
  throw new InvalidInputError(
    `#${number} can be put off until ${last} at most, and not to a time that is past.`,
    [
      {
        path: 'until',
        message: 'is past or after the act-by time',
        expected: `at most ${actBy.toISOString()}`,
      },
    ],
  )
}

async function setSnooze(tx: Tx, ctx: Context, proposal: Proposal, until: Date | null): Promise<void> {
  await tx.proposal.update({
    where: { id: proposal.id },
    data: {
      snoozedUntil: until,
      snoozedBy: until && whoIs(ctx.actor),
      updatedAt: ctx.clock.now(),
    },
  })
  await announce(tx, { topic: 'proposal', id: proposal.id })
  await append(tx, ctx, {
    stage: 'governance',
    action: until ? 'proposal.snooze' : 'proposal.wake',
    subject: `proposal/${proposal.id}`,
    body: {
      proposalNumber: proposal.number,
      workloadId: proposal.workloadId,
      from: proposal.snoozedUntil?.toISOString() ?? null,
      until: until?.toISOString() ?? null,
    },
  })
}
