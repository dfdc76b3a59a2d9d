import type { Tx } from '../../../kernel/db.ts'
import type { WorkloadView } from '../../../telemetry/contract.ts'
import { readSteps } from '../../../telemetry/index.ts'
import type { LedgerDemand } from '../../ledger/scene.ts'
import type { Span } from '../../ledger/spans.ts'

/** Steps before the span that a reactive autoscaler may look back on. */
const historySteps = 60
/** How long after a span its last steps may still come in; then what is missing counts as not measured. */
const graceMs = 3_600_000

export type AccountedSpan = { demand: LedgerDemand; until: number; final: boolean }

/** Measured demand of a span as far as its steps are closed, and whether that is all there will be. */
export async function readDemand(
  tx: Tx,
  workload: WorkloadView,
  span: Span,
  now: number,
): Promise<AccountedSpan> {
  const stepMs = workload.stepSeconds * 1_000
  const startMs = Math.ceil(span.from / stepMs) * stepMs
  const firstMs = startMs - historySteps * stepMs
  const read = await readSteps(tx, {
    workloadId: workload.id,
    signal: workload.demandSignal,
    after: new Date(firstMs - stepMs),
    until: new Date(span.until),
  })
  const measuredTo = (read.at(-1)?.at.getTime() ?? startMs - stepMs) + stepMs
  const complete = measuredTo > span.until - stepMs || now >= span.until + graceMs
  const end = complete ? span.until : Math.min(measuredTo, span.until)
  const steps = Math.max(0, Math.floor((end - startMs) / stepMs))
  const values = new Float64Array(historySteps + steps)
  const gap = new Uint8Array(historySteps + steps).fill(1)
  for (const { at, value } of read) {
    const i = Math.round((at.getTime() - firstMs) / stepMs)
    if (value === null || i < 0 || i >= values.length) continue
    values[i] = Math.max(0, value)
    gap[i] = 0
  }
  for (let i = 1; i < values.length; i++) if (gap[i] === 1) values[i] = values[i - 1] ?? 0
  return {
    demand: {
      stepSeconds: workload.stepSeconds,
      startMs,
      steps,
      demand: { values, gap, length: values.length },
      from: historySteps,
    },
    until: Math.max(span.from, end),
    final: complete && !span.open,
  }
}
