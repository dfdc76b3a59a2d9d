import type { Surge } from '../forecast/index.ts'
import type { PlanInput } from './contract.ts'
import { approvalLeadSeconds } from './timing.ts'

/**
 * Act by: the last moment at which what is ordered is ready (p90) when the surge starts; never earlier than the time that
 * people are given, because late capacity still helps. A proposal expires when its surge is over or, without one,
 * when it is old enough to be judged anew.
 */
export function deadlinesOf(
  input: PlanInput,
  surge: Surge | null,
  leadTimeP90Seconds: number,
): { actBy: string; expiresAt: string } {
  const now = Date.parse(input.now)
  const patience = Math.max(approvalLeadSeconds(input), input.workload.stepSeconds) * 1_000
  const actBy =
    surge === null
      ? now + patience
      : Math.max(
          now + input.workload.stepSeconds * 1_000,
          Date.parse(surge.startsAt) - leadTimeP90Seconds * 1_000,
        )
  const useful = surge === null ? actBy + patience : Math.max(Date.parse(surge.endsAt), actBy + patience)
  return { actBy: new Date(actBy).toISOString(), expiresAt: new Date(useful).toISOString() }
}
