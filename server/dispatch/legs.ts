import type { Tx } from '../kernel/db.ts'
import type { Dispatch, DispatchAction, Prisma } from '../kernel/generated/client.ts'
import type { Action } from '../plan/contract.ts'
import type { Run } from './step.ts'

/** One action of the approved plan, and where it stands. */
export type Leg = { action: Action; row: DispatchAction }

/** Every action by its position. */
export async function legsOf({ ctx, lease, binding }: Run): Promise<Leg[]> {
  const rows = await ctx.db.dispatchAction.findMany({
    where: { dispatchId: lease.dispatchId },
    orderBy: { position: 'asc' },
  })
  return binding.actions.map((action, position) => {
    const row = rows[position]
    if (row === undefined) throw new Error(`Dispatch ${lease.dispatchId} does not know action ${position}.`)
    return { action, row }
  })
}

/** Stages in the order in which they are carried out. */
export function stagesOfLegs(legs: readonly Leg[]): Leg[][] {
  const stages = Map.groupBy(legs, ({ row }) => row.stage)
  return [...stages].sort(([a], [b]) => a - b).map(([, members]) => members)
}

/** Whether the set-point of an action was written, and was not taken back. */
export function stands({ row }: Leg): boolean {
  return row.appliedAt !== null && row.takenBackAt === null
}

/** The rows of a dispatch that begins; in the transaction that redeems the approval. */
export async function createLegs(run: Run, tx: Tx): Promise<void> {
  await tx.dispatchAction.createMany({
    data: run.binding.actions.map(({ stage = 0, targetId }, position) => ({
      dispatchId: run.lease.dispatchId,
      position,
      stage,
      targetId,
      state: 'waiting',
    })),
  })
}

/** Moves one action on, in the transaction of the step that does it. */
export async function moveLeg(
  { lease }: Run,
  tx: Tx,
  position: number,
  data: Prisma.DispatchActionUncheckedUpdateInput,
): Promise<void> {
  await tx.dispatchAction.update({
    where: { dispatchId_position: { dispatchId: lease.dispatchId, position } },
    data,
  })
}

/** The action that a dead letter stopped at is to be gone on with, on whichever way it was. */
export async function moveDeadLeg(
  tx: Tx,
  { id: dispatchId, deadPosition: position }: Pick<Dispatch, 'id' | 'deadPosition'>,
): Promise<void> {
  if (position === null) return
  const failed = { dispatchId, position, state: 'failed' } as const
  await tx.dispatchAction.updateMany({
    where: { ...failed, appliedAt: null },
    data: { state: 'waiting', note: null },
  })
  await tx.dispatchAction.updateMany({
    where: { ...failed, appliedAt: { not: null } },
    data: { state: 'applied', note: null },
  })
}

/** "a" at 10 (was 6), "b" at 2 (was 4): what stands of a plan, for a person who has to go on from there. */
export function standingWords(legs: readonly Leg[]): string {
  const words = legs
    .filter(stands)
    .map(({ action }) => `"${action.targetName}" at ${action.toReplicas} (was ${action.fromReplicas})`)
  return words.length > 0 ? `What stands: ${words.join(', ')}.` : ''
}
