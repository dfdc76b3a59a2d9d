import type { ApprovalBinding } from '../governance/contract.ts'
import type { Db, Tx } from '../kernel/db.ts'
import type { Dispatch, DispatchAction } from '../kernel/generated/client.ts'
import type { Action } from '../plan/contract.ts'
import type { Lease } from './lease.ts'
import type { Run } from './step.ts'
import { runWords } from './wording.ts'

/** One action of the approved plan, and where it stands. */
export type Leg = { action: Action; row: DispatchAction }

/** Every action by its position, as it is stored. */
export async function storedLegs(db: Db, dispatchId: string, { actions }: ApprovalBinding): Promise<Leg[]> {
  const rows = await db.dispatchAction.findMany({ where: { dispatchId }, orderBy: { position: 'asc' } })
  return actions.map((action, position) => {
    const row = rows[position]
    if (row === undefined) throw new Error(`Dispatch ${dispatchId} does not know action ${position}.`)
    return { action, row }
  })
}

/** Every action of a dispatch that begins: all of them wait. */
export function waitingLegs({ dispatchId }: Lease, { actions }: ApprovalBinding): Leg[] {
  return actions.map((action, position) => {
    const place = { dispatchId, position, stage: action.stage ?? 0, targetId: action.targetId }
    const nothingYet = {
      appliedVersion: null,
      appliedAt: null,
      verifiedAt: null,
      takenBackAt: null,
      note: null,
    }
    return { action, row: { ...place, state: 'waiting', ...nothingYet } }
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

/** These actions, as they are after a step that moves them on. */
export function movedLegs(
  { legs }: Pick<Run, 'legs'>,
  positions: readonly number[],
  data: Partial<Omit<DispatchAction, 'dispatchId' | 'position'>>,
): Leg[] {
  const moved = legs.filter(({ row }) => positions.includes(row.position))
  return moved.map(({ action, row }) => ({ action, row: { ...row, ...data } }))
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
  const words = legs.filter(stands).map(({ action }) => {
    const { targetName, fromReplicas, toReplicas } = action
    const now = runWords(action, toReplicas) ?? `at ${toReplicas}`
    return `"${targetName}" ${now} (was ${runWords(action, fromReplicas) ?? fromReplicas})`
  })
  return words.length > 0 ? `What stands: ${words.join(', ')}.` : ''
}
