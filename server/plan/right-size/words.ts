import type { CapacitySnapshot, PlanInput, SizeEvidence } from '../contract.ts'
import { usd } from '../rules/words.ts'
import { amount, percent, span } from '../sentences.ts'

/** One line: what, where, why. */
export function rightSizeSummary({ workload }: PlanInput, size: CapacitySnapshot, to: number): string {
  const why =
    to < size.desiredReplicas ? 'a replica uses less than it requests' : 'a replica uses all that it requests'
  return `${workload.name}: ${size.desiredReplicas} → ${to}% of full size on ${size.domain.name}, ${why}`
}

/** Plain sentences, most important first; every number stands in the evidence too. */
export function rightSizeReasons(
  input: PlanInput,
  size: CapacitySnapshot,
  { busiest, memory, steps, from, to, leavesFree, heldShare }: SizeEvidence,
  next: number,
): string[] {
  const cut = [input.capacity, ...input.otherPools].find(({ poolId }) => poolId === size.governsPoolId)
  const serves = `${amount(cut?.capacityPerReplica ?? 0)} ${input.workload.unit}`
  const saves = (size.paid?.share ?? 0) * (size.desiredReplicas - next) * size.offering.pricePerReplicaHourUsd
  const money =
    saves === 0
      ? ''
      : ` ${saves > 0 ? `It saves ${usd(saves)}` : `It costs ${usd(-saves)} more`} an hour at the replicas that stand.`
  return [
    `At the ${serves} that a replica is declared to serve, the busiest hundredth of ${steps} loaded steps would keep ` +
      `${percent(busiest)} of its hardware busy and ${percent(memory)} of its memory full, over ${span((Date.parse(to) - Date.parse(from)) / 1_000)}.`,
    leavesFree >= 0
      ? `${next}% leaves ${percent(leavesFree)} of itself free then, and would have held ${percent(heldShare)} of those steps.${money}`
      : `${next}% holds more of it.${money}`,
    'What a replica serves is taken to stay as declared. Roll it back if latency rises; the larger size is one step away.',
  ]
}
