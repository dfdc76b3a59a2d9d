import type { HarmEvidence } from '../../telemetry/contract.ts'
import type { CapacitySnapshot, PlanInput } from '../contract.ts'

/** What a loop costs: money in USD per hour at the price of the leading pool. */
export type HarmCost = {
  /** Share of the pool's capacity that its submissions ask for, at most 1. */
  share: number
  wastedPerHourUsd: number
  /** What scaling for it would take and cost. */
  replicasToServe: number
  scalingPerHourUsd: number
}

export function harmCost({ capacity }: PlanInput, { excess }: HarmEvidence): HarmCost {
  const { pricePerReplicaHourUsd } = capacity.offering
  const served = capacity.desiredReplicas * capacity.capacityPerReplica
  const share = served === 0 ? 1 : Math.min(1, excess / served)
  const replicasToServe = Math.ceil(excess / capacity.capacityPerReplica - 1e-9)
  return {
    share,
    wastedPerHourUsd: share * capacity.desiredReplicas * pricePerReplicaHourUsd,
    replicasToServe,
    scalingPerHourUsd: replicasToServe * pricePerReplicaHourUsd,
  }
}

/** One line: what, where, why. */
export function harmSummary(
  { workload }: PlanInput,
  { excess }: HarmEvidence,
  submitter: CapacitySnapshot,
): string {
  return `${workload.name}: cancel ${submitter.targetName}, a loop of ${amount(excess)} failing jobs/s and no demand`
}

/** The evidence, and what it costs to wait or to scale for it. */
export function harmReasons(input: PlanInput, harm: HarmEvidence, cost: HarmCost): string[] {
  const { desiredReplicas } = input.capacity
  return [
    ...harm.words,
    `It is not scaled for, and the forecast does not learn it: it would take ${cost.replicasToServe} more replicas ` +
      `(+$${cost.scalingPerHourUsd.toFixed(2)}/h) to run jobs that fail.`,
    `Left to run, the loop alone asks for ${Math.round(cost.share * 100)}% of what ${desiredReplicas} replicas serve, ` +
      `worth $${cost.wastedPerHourUsd.toFixed(2)}/h; the SLO risk with nothing done is of that and the demand itself together.`,
    'Cancelling is for good. To be able to go on later, suspend it; if it is demand after all, reject this with the reason.',
  ]
}

function amount(value: number): string {
  return Number(value.toPrecision(3)).toString()
}
