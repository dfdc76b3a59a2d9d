import type { Tx } from '../../kernel/db.ts'
import type { IncomingSeries } from '../contract.ts'
import type { ResolvedSeries } from '../store/resolved-series.ts'
import type { WorkloadStep } from '../store/store-series.ts'
import type { Match, Matcher } from './match.ts'

export type Resolution = {
  series: ResolvedSeries[]
  workloads: Map<string, WorkloadStep>
  unmappedSeries: number
  unmappedSamples: number
  unmappedExamples: string[]
}

const maxExamples = 5

/** Finds the workload and signal of every series; what nobody claims is counted, with the reason of the first few. */
export async function resolve(tx: Tx, incoming: IncomingSeries[], match: Matcher): Promise<Resolution> {
  const matches = incoming.map((series) => match(series.metric, series.labels))
  const names = new Set(matches.flatMap((found) => (found ? [found.workloadName] : [])))
  const rows = await tx.workload.findMany({
    where: { name: { in: [...names] } },
    select: { id: true, name: true, stepSeconds: true, demandSignal: true },
  })
  const byName = new Map(rows.map((row) => [row.name, row]))

  const result: Resolution = {
    series: [],
    workloads: new Map(rows.map((row) => [row.id, row])),
    unmappedSeries: 0,
    unmappedSamples: 0,
    unmappedExamples: [],
  }
  for (const [index, series] of incoming.entries()) {
    const found = matches[index] ?? null
    const workload = found ? byName.get(found.workloadName) : undefined
    if (found && workload) {
      result.series.push({
        workloadId: workload.id,
        signal: found.signal,
        // A source that knows its own kind knows better than the mapping.
        kind: series.kind ?? found.kind,
        scale: found.scale,
        labels: { ...series.labels, __name__: series.metric },
        samples: series.samples,
      })
    } else {
      result.unmappedSeries++
      result.unmappedSamples += series.samples.length
      if (result.unmappedExamples.length < maxExamples) result.unmappedExamples.push(whyNot(series, found))
    }
  }
  return result
}

function whyNot(series: IncomingSeries, found: Match | null): string {
  if (found) return `${series.metric}: there is no workload "${found.workloadName}"`
  const labels = Object.entries(series.labels).map(([name, value]) => `${name}="${value}"`)
  return `${series.metric}{${labels.join(', ').slice(0, 200)}}: no mapping claims it`
}
