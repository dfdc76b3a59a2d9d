import type { Tx } from '../../kernel/db.ts'
import type { SignalName } from '../../telemetry/contract.ts'
import type { PlanInput } from '../contract.ts'
import { poolsOfInput } from '../judge.ts'
import { type SizeUse, sizeUse } from '../right-size/size-use.ts'
import { readPoolSteps } from './pool-steps.ts'

const windowMs = 3 * 86_400_000

/**
 * What the replicas that a size cuts were measured to use of it; null where no size is planned. Of a smaller size, only since it is known
 * to stand; of the full one all of the past days, because what was measured before, at a smaller one, can only have been more.
 */
export async function sizeUseNow(
  tx: Tx,
  input: PlanInput,
  demandSignal: SignalName,
): Promise<SizeUse | null> {
  const pools = poolsOfInput(input)
  const size = pools.find(({ control, governsPoolId }) => control === 'size' && governsPoolId !== undefined)
  const cut = pools.find(({ poolId }) => poolId === size?.governsPoolId)
  if (size === undefined || cut === undefined) return null
  const now = new Date(input.now)
  const stands = size.desiredReplicas < 100 ? Date.parse(size.levelSince ?? input.now) : 0
  const from = new Date(Math.max(stands, now.getTime() - windowMs))
  const { steps } = await readPoolSteps(tx, { id: input.workload.id, demandSignal }, from, now)
  return sizeUse(steps, cut)
}
