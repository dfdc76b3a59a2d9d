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
  const before = await keepAtSameLevel(tx, observation)
  if (before === null || !before.newer) return false
  if (before.desiredReplicas === desiredReplicas) return before.changed
  // Until now it cost what it was; from now on it costs what it is seen to be.
  await meterPools(tx, at, { poolId: before.id })
  await tx.pool.updateMany({
    where: { targetId },
    data: { desiredReplicas, readyReplicas, observedVersion: version, observedAt: at, levelSince: at },
  })
  if (before.desiredReplicas === null) await meterPools(tx, at, { poolId: before.id })
  return true
}

type Before = { id: string; desiredReplicas: number | null; changed: boolean; newer: boolean }

/** The pool as it was, locked; null if no pool stands behind the target. Where its level stands, this one statement is all there is to do. */
async function keepAtSameLevel(tx: Tx, observation: PoolObservation): Promise<Before | null> {
  const { targetId, desiredReplicas, readyReplicas, version, at } = observation
  const [before] = await tx.$queryRaw<Before[]>`
    WITH before AS (
      SELECT "id", "desiredReplicas",
        "readyReplicas" IS DISTINCT FROM ${readyReplicas} OR "observedVersion" IS DISTINCT FROM ${version} AS "changed",
        "observedAt" IS NULL OR "observedAt" <= ${at}::timestamptz AS "newer"
      FROM "Pool" WHERE "targetId" = ${targetId}::uuid FOR NO KEY UPDATE
    ), kept AS (
      UPDATE "Pool" p SET "readyReplicas" = ${readyReplicas}, "observedVersion" = ${version}, "observedAt" = ${at}::timestamptz
      FROM before b WHERE p."id" = b."id" AND b."newer" AND b."desiredReplicas" = ${desiredReplicas}
    )
    SELECT "id", "desiredReplicas", "changed", "newer" FROM before`
  return before ?? null
}
