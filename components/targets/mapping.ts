import type { DiscoveryView, MapTargetsInput } from '../../server/dispatch/contract.ts'
import { type Control, serves } from '../../server/plan/contract.ts'

export type FoundRow = DiscoveryView['found'][number]

/** What a person says of one thing that was found: what it holds, where it stands, what its number means. */
export type Choice = {
  ref: Record<string, string>
  workloadId: string
  offeringId: string
  control: Control
  capacity: string
}

/** Parts of a reference that say how its number is counted; the rest says where it is. */
export const countedBy: Record<string, string> = {
  perNode: 'One node has',
  perReplica: 'One replica takes',
  ready: 'Counted as ready by',
}

/** By what one row is told from another: the whole of where it is. */
export const keyOf = ({ ref }: Pick<FoundRow, 'ref'>): string => JSON.stringify(ref)

/** Where a choice begins: at the workload that seems right; else nothing is chosen for whoever maps. */
export function beginChoice({ ref, suggestion, controls }: FoundRow): Choice {
  return {
    ...{ ref, offeringId: '', capacity: '' },
    workloadId: suggestion?.workloadId ?? '',
    control: controls[0],
  }
}

export const capacityOf = ({ control, capacity }: Choice): number =>
  serves({ control }) ? Number(capacity) : 1

export const isComplete = (choice: Choice): boolean =>
  choice.workloadId !== '' && choice.offeringId !== '' && capacityOf(choice) > 0

/** What is sent for a row; its name here is where it is, since nothing else is known of it. */
export function mappedAs(
  row: Pick<FoundRow, 'label' | 'ref'>,
  choice: Choice,
): MapTargetsInput['targets'][number] {
  const { workloadId, offeringId, control, ref } = choice
  const of = row.ref.flavor ?? row.ref.resource
  return {
    name: [row.label, of].filter(Boolean).join(' ').slice(0, 100),
    ref,
    pool: { workloadId, offeringId, control, capacityPerReplica: capacityOf(choice) },
  }
}
