import type { Tx } from '../../kernel/db.ts'
import { meterPools } from './meter.ts'

export type PoolObservation = {
  targetId: string
  desiredReplicas: number
  readyReplicas: number
  version: string
  at: Date
}

/** Keeps what a target was last seen to be, unless something newer is kept already. Returns whether anything but the time changed. */
export async function recordObservation(tx: Tx, observation: PoolObservation): Promise<boolean> {
  const { targetId, desiredReplicas, readyReplicas, version, at } = observation
  const before = await tx.pool.findUnique({ where: { targetId } })
  if (before === null) return false
  // Until now it cost what it was; from now on it costs what it is seen to be.
  if (before.desiredReplicas !== desiredReplicas) await meterPools(tx, at, { poolId: before.id })
  const { count } = await tx.pool.updateMany({
    where: { targetId, OR: [{ observedAt: null }, { observedAt: { lte: at } }] },
    data: {
      ...{ desiredReplicas, readyReplicas, observedVersion: version, observedAt: at },
      ...(before.desiredReplicas === desiredReplicas ? {} : { levelSince: at }),
    },
  })
  if (before.desiredReplicas === null) await meterPools(tx, at, { poolId: before.id })
  const same =
    before.desiredReplicas === desiredReplicas &&
    before.readyReplicas === readyReplicas &&
    before.observedVersion === version
  return count > 0 && !same
}
