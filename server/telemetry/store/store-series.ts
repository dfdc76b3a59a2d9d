import { announce } from '../../kernel/bus.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { maxLiveSeriesPerSignal } from '../limits.ts'
import { newestSteps, signalKey } from './newest-steps.ts'
import type { ResolvedSeries } from './resolved-series.ts'
import { recomputeRollups } from './rollups.ts'
import { ensurePartitions, type SampleCounts, storeSamples } from './sample-rows.ts'
import { storeSeries } from './series-ids.ts'

export type WorkloadStep = { id: string; stepSeconds: number; demandSignal: string }

/** `refused`: samples of new series beyond what a signal may have at a time. */
export type StoreCounts = SampleCounts & { duplicates: number; refused: number; refusedExamples: string[] }

/**
 * Stores samples and everything that follows from them, in the caller's transaction: series, rollups, a job for each
 * workload whose demand moved into a new step, a word to open screens.
 *
 * Locks are taken in one order by every writer: workloads (sorted), then partitions, then rows.
 */
export async function storeResolved(
  tx: Tx,
  ctx: Context,
  incoming: ResolvedSeries[],
  workloads: Map<string, WorkloadStep>,
): Promise<StoreCounts> {
  const touched = [...new Set(incoming.map((series) => series.workloadId))]
  const workloadOf = (id: string): WorkloadStep => {
    const workload = workloads.get(id)
    if (!workload) throw new Error(`Samples were resolved to the workload ${id}, which was not read.`)
    return workload
  }
  await lockWorkloads(tx, touched)
  await ensurePartitions(tx, incoming)
  const { stored: series, refused } = await storeSeries(tx, ctx, incoming)

  const demands = touched.map((id) => ({ workloadId: id, signal: workloadOf(id).demandSignal }))
  const before = await newestSteps(tx, [...series, ...demands])
  const counts = await storeSamples(tx, series, (one) => before.get(signalKey(one)) ?? 0)
  const changes = await recomputeRollups(tx, series, (id) => workloadOf(id).stepSeconds, ctx.clock.now())

  for (const workloadId of touched) {
    const change = changes.find(
      (one) => one.workloadId === workloadId && one.signal === workloadOf(workloadId).demandSignal,
    )
    if (change && change.newest.getTime() > (before.get(signalKey(change)) ?? change.first.getTime())) {
      await ctx.queue.send(tx, 'advance', { workloadId }, { key: workloadId })
    }
  }
  for (const workloadId of new Set(changes.map((change) => change.workloadId))) {
    await announce(tx, { topic: 'telemetry', id: workloadId })
  }

  const refusedSamples = samplesIn(refused)
  return {
    ...counts,
    duplicates: samplesIn(incoming) - refusedSamples - counts.stored - counts.replaced,
    refused: refusedSamples,
    refusedExamples: refused.slice(0, 3).map(describeRefused),
  }
}

function samplesIn(series: { samples: unknown[] }[]): number {
  return series.reduce((sum, one) => sum + one.samples.length, 0)
}

function describeRefused({ signal, labels }: ResolvedSeries): string {
  return `${signal} has ${maxLiveSeriesPerSignal} series in the last hour; ${JSON.stringify(labels)} would be one more. Drop labels that differ from request to request.`
}

/**
 * One writer at a time for each workload, so that a rollup is always made from all samples. The estimates of the
 * rollup's statement are far too high, and compiling it would take longer than running it.
 */
async function lockWorkloads(tx: Tx, ids: string[]): Promise<void> {
  await tx.$queryRaw`
    SELECT set_config('jit', 'off', true), count(pg_advisory_xact_lock(key)) FROM (
      SELECT DISTINCT hashtextextended('infrasage.telemetry/' || id, 0) AS key FROM unnest(${ids}::text[]) AS id
      ORDER BY key
    ) ordered`
}
