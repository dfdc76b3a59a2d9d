import type { PlanInput, ShiftSchedule } from '../contract.ts'
import { carbonAt, priceAt } from '../models/price.ts'
import type { SolvedShift } from './solve-shift.ts'

/** The schedule as people see it: hours, levels, prices, what waits. */
export function shiftEvidence(
  { capacity }: PlanInput,
  solved: SolvedShift,
  allowedWaitSeconds: number,
): ShiftSchedule {
  const { problem, slots, schedule, asItComes } = solved
  const { offering, domain, capacityPerReplica } = capacity
  const hours = problem.hours.map(({ fromMs }, i) => {
    const arrived = slots[i]?.arrived ?? 0
    return {
      at: new Date(fromMs).toISOString(),
      seconds: slots[i]?.seconds ?? 0,
      replicas: schedule.levels[i] ?? 0,
      asItComes: asItComes.levels[i] ?? 0,
      pricePerReplicaHourUsd: priceAt(offering, fromMs),
      carbonGPerReplicaHour: offering.powerKw * carbonAt(domain, fromMs),
      arriving: (arrived - (slots[i - 1]?.arrived ?? 0)) * capacityPerReplica,
      backlog: (arrived - (schedule.done[i] ?? 0)) * capacityPerReplica,
    }
  })
  const lastWaiting = hours.findLastIndex(({ backlog }) => backlog > 0)
  const end = problem.hours[lastWaiting + 1] ?? problem.hours.at(-1)
  const { longestWaitSeconds } = solved
  return {
    hours,
    allowedWaitSeconds,
    longestWaitSeconds: Number.isFinite(longestWaitSeconds) ? longestWaitSeconds : null,
    doneBy: new Date(end?.toMs ?? 0).toISOString(),
    costUsd: schedule.price / 1e6,
    savesUsd: (asItComes.price - schedule.price) / 1e6,
    savesCarbonG: (asItComes.carbon - schedule.carbon) / 1e3,
  }
}
