import { isDeepStrictEqual } from 'node:util'
import { announce } from '../kernel/bus.ts'
import { authorise, type Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import type { Connection, Target } from '../kernel/generated/client.ts'
import { transact } from '../kernel/transact.ts'
import { recordObservation } from '../plan/index.ts'
import type { Ownership } from './contract.ts'
import { inBatches } from './in-batches.ts'
import { type Look, lookAt } from './open-target.ts'

/** Reads under way at once per connection; every one of them ends by its adapter's time-out. */
const atOnce = 8

/** A target without a pool, or of a workload that goes on. */
const notOver = { OR: [{ pool: null }, { pool: { workload: { endedAt: null } } }] }

export type Observed = { seen: number; unseen: number }

/** Reads every target but those of workloads that are over, and keeps what was seen; what could not be read stands at its connection, in words. */
export async function observeTargets({ ctx }: { ctx: Context }): Promise<Observed> {
  authorise(ctx, 'dispatch.run')
  const connections = await ctx.db.connection.findMany({ include: { targets: { where: notOver } } })
  const results = await Promise.all(connections.map((connection) => observeConnection(ctx, connection)))
  return {
    seen: results.reduce((sum, { seen }) => sum + seen, 0),
    unseen: results.reduce((sum, { unseen }) => sum + unseen, 0),
  }
}

type Read = { target: Target; look: Look; at: Date }

async function observeConnection(
  ctx: Context,
  connection: Connection & { targets: Target[] },
): Promise<Observed> {
  const reads = await inBatches(connection.targets, atOnce, (target) => read(ctx, target))
  if (reads.length === 0) return { seen: 0, unseen: 0 }
  const errors = reads.flatMap(({ look }) => (look.kind === 'unseen' ? [look.message] : []))
  const lastError = errors[0] ?? null
  await transact(ctx, async (tx) => {
    await tx.connection.updateMany({
      where: { id: connection.id },
      data: { lastCheckedAt: ctx.clock.now(), lastError },
    })
    let changed = lastError !== connection.lastError
    for (const { target, look, at } of reads) {
      if (look.kind === 'unseen') continue
      const { desiredReplicas, readyReplicas, version } = look.observation
      const moved = await recordObservation(tx, {
        targetId: target.id,
        desiredReplicas,
        readyReplicas,
        version,
        at,
      })
      changed = (await keepOwnership(tx, target, look.observation.ownership)) || moved || changed
    }
    if (changed) await announce(tx, { topic: 'target' })
  })
  return { seen: reads.length - errors.length, unseen: errors.length }
}

/** Returns whether it is another than was kept. */
async function keepOwnership(tx: Tx, { id, ownership: before }: Target, now: Ownership): Promise<boolean> {
  if (isDeepStrictEqual(before, now)) return false
  await tx.target.update({ where: { id }, data: { ownership: now } })
  return true
}

/** `at` is taken before the read: what is seen is at least that new. */
async function read(ctx: Context, target: Target): Promise<Read> {
  const at = ctx.clock.now()
  return { target, look: await lookAt(ctx.db, target.id), at }
}
