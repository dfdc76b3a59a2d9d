import type { OverviewWorkload } from '../../server/api/contract.ts'
import type { ProposalRow } from '../../server/governance/contract.ts'

/** Something that demand is about to do to one workload. Times in milliseconds, demand in `unit`. */
export type Coming = {
  workload: OverviewWorkload['workload']
  at: number
  peakAt: number
  peakMedian: number
  peakUpper90: number
  capacity: number | null
  unit: string
  /** That demand passes what is ready, by the newest forecast; of a proposal's surge while what is ready is unknown. */
  probability: number | null
  /** `surge`: a proposal answers it. `possible`: one in ten says that ready capacity is passed. */
  kind: 'surge' | 'possible'
  proposalId: string | null
  heldBy: OverviewWorkload['heldBy']
}

/**
 * What is coming, the nearest first: surges that proposals answer, and moments at which the 90 % quantile passes ready
 * capacity though nothing is proposed.
 */
export function comingOf(
  workloads: readonly OverviewWorkload[],
  proposals: readonly ProposalRow[],
): Coming[] {
  const coming = workloads.flatMap((entry): Coming[] => {
    const { forecast, capacity } = entry
    if (!forecast) return []
    const proposal = proposals.find((row) => row.workload.id === entry.workload.id && row.surgeAt !== null)
    const surgeAt = proposal?.surgeAt ?? entry.waiting?.surgeAt ?? null
    const passes = forecast.points.find((point) => capacity !== null && point.upper90 > capacity)
    const at = surgeAt ?? passes?.at
    if (at === undefined) return []
    return [
      {
        workload: entry.workload,
        at: Date.parse(at),
        peakAt: Date.parse(forecast.peakAt),
        peakMedian: forecast.peakMedian,
        peakUpper90: forecast.peakUpper90,
        capacity,
        unit: entry.unit,
        probability: forecast.passProbability ?? proposal?.surgeProbability ?? null,
        kind: surgeAt === null ? 'possible' : 'surge',
        proposalId: proposal?.id ?? entry.waiting?.id ?? null,
        heldBy: entry.heldBy,
      },
    ]
  })
  return coming.sort((a, b) => a.at - b.at)
}

/** The highest value of each unit, so that charts of one unit share one scale. */
export function highestByUnit(workloads: readonly OverviewWorkload[]): Map<string, number> {
  const highest = new Map<string, number>()
  for (const { unit, recent, forecast, capacity } of workloads) {
    const values = [
      capacity ?? 0,
      ...recent.map((point) => point.value ?? 0),
      ...(forecast?.points.map((point) => point.upper90) ?? []),
    ]
    highest.set(unit, Math.max(highest.get(unit) ?? 0, ...values))
  }
  return highest
}
