import type { Tx } from '../../kernel/db.ts'
import type { SignalName } from '../../telemetry/contract.ts'
import { readSteps } from '../../telemetry/index.ts'
import type { CapacitySnapshot, PlanInput, WaitingWork } from '../contract.ts'
import { allowedWaitSeconds } from '../shift/allowed-wait.ts'
import { depthNow, waitingIn } from '../shift/waiting.ts'

type Asked = Pick<PlanInput['workload'], 'id' | 'kind' | 'objectiveP99Ms' | 'stepSeconds'> & {
  demandSignal: SignalName
}

/**
 * What waits in the queue of a workload whose work may wait for a better hour, as last measured; null where it may not, or where
 * no queue was measured while anything could be waiting. What came in since the last measure is taken to wait as well, so that work that was let
 * wait is not forgotten when its queue falls silent.
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
  // Twice as long: what is late already is still known to be.
  const span = { workloadId, after: after(2 * allowed), until: now }
  const queue = await readSteps(tx, { ...span, signal: 'queue_depth' })
  const past = await readSteps(tx, { ...span, signal: demandSignal })
  const depth = depthNow(queue, past, stepSeconds)
  return depth === null ? null : waitingIn(depth, past, stepSeconds)
}
