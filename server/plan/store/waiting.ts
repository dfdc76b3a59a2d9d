import type { Tx } from '../../kernel/db.ts'
import type { SignalName } from '../../telemetry/contract.ts'
import { readSteps } from '../../telemetry/index.ts'
import type { CapacitySnapshot, PlanInput, WaitingWork } from '../contract.ts'
import { allowedWaitSeconds } from '../shift/allowed-wait.ts'
import { waitingIn } from '../shift/waiting.ts'

type Asked = Pick<PlanInput['workload'], 'id' | 'kind' | 'objectiveP99Ms' | 'stepSeconds'> & {
  demandSignal: SignalName
}

/** A queue that was measured longer ago than this many steps says nothing about now. */
const freshSteps = 4

/**
 * What waits in the queue of a workload whose work may wait for a better hour, as last measured; null where it may not, or where
 * no queue was measured lately.
 */
export async function waitingWork(
  tx: Tx,
  workload: Asked,
  capacity: CapacitySnapshot,
  now: Date,
): Promise<WaitingWork[] | null> {
  const { id: workloadId, demandSignal, stepSeconds } = workload
  const allowed = allowedWaitSeconds({ workload, signal: demandSignal, capacity })
  if (allowed === null) return null
  const after = (seconds: number) => new Date(now.getTime() - seconds * 1_000)
  const queue = await readSteps(tx, {
    ...{ workloadId, signal: 'queue_depth' as const, until: now },
    after: after(freshSteps * stepSeconds),
  })
  const depth = queue.findLast(({ value }) => value !== null)?.value ?? null
  if (depth === null) return null
  const past = await readSteps(tx, {
    ...{ workloadId, signal: demandSignal, until: now },
    // Twice as long: what is late already is still known to be.
    after: after(2 * allowed),
  })
  return waitingIn(depth, past, stepSeconds)
}
