import type { Tx } from '../../kernel/db.ts'
import type { SignalName } from '../contract.ts'
import { type JobStep, windowSteps } from './recognise.ts'

export type Submitting = { id: string; demandSignal: SignalName; stepSeconds: number }

const beside = [
  'jobs_per_second',
  'jobs_completed_per_second',
  'jobs_failed_per_second',
  'error_ratio',
  'distinct_signature_ratio',
  'queue_depth',
] as const satisfies SignalName[]

/** What is submitted: jobs where they are counted, else the demand itself where it is a rate. */
const rates: readonly SignalName[] = ['jobs_per_second', 'requests_per_second']

/**
 * The closed steps of a workload's submissions in order, those of the window alone. Failures that are not counted are taken
 * from the share of errors. Empty where nothing tells about failures.
 */
export async function readJobSteps(tx: Tx, workload: Submitting, now: Date): Promise<JobStep[]> {
  const stepMs = workload.stepSeconds * 1_000
  const after = new Date((Math.floor(now.getTime() / stepMs) - windowSteps) * stepMs)
  const rows = await tx.rollup.findMany({
    where: { workloadId: workload.id, signal: { in: [...beside, ...rates] }, at: { gt: after, lte: now } },
    select: { signal: true, at: true, value: true },
    orderBy: { at: 'asc' },
  })
  const steps = new Map<number, Map<string, number>>()
  for (const { signal, at, value } of rows) {
    const step = steps.get(at.getTime()) ?? new Map<string, number>()
    steps.set(at.getTime(), step.set(signal, value))
  }
  const counted = rows.some(({ signal }) => signal === 'jobs_per_second')
  const demand: SignalName = counted ? 'jobs_per_second' : workload.demandSignal
  if (!rates.includes(demand)) return []
  // The newest step is still open: what it holds is no mean of a whole step yet.
  return [...steps.entries()].slice(0, -1).map(([at, values]) => {
    const value = (signal: SignalName) => values.get(signal) ?? null
    const submitted = value(demand)
    const errors = value('error_ratio')
    const share = submitted === null || errors === null ? null : submitted * errors
    return {
      at: new Date(at),
      submitted,
      completed: value('jobs_completed_per_second'),
      failed: value('jobs_failed_per_second') ?? share,
      distinct: value('distinct_signature_ratio'),
      queued: value('queue_depth'),
    }
  })
}
