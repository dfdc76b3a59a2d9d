import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { announce } from '../kernel/bus.ts'
import { authorise, type Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import type { Connection, Target } from '../kernel/generated/client.ts'
import { transact } from '../kernel/transact.ts'
import { recordObservation } from '../plan/index.ts'
import type { Ownership } from './contract.ts'
import { type Gates, passGate, type Shut, settleGates } from './gate.ts'
import { type Look, lookThrough } from './open-target.ts'

/** Reads under way at once per connection; every one of them ends by its adapter's time-out. */
const atOnce = 8
/** The share of a connection's burst that is left to dispatches, and for how long a reading waits for more. */
const spare = 0.5
const longestMs = 10_000
const restMs = 200

/** A target without a pool, or of a workload that goes on. */
const notOver = { OR: [{ pool: null }, { pool: { workload: { endedAt: null } } }] }

export type Observed = { seen: number; unseen: number }

/**
 * Reads every target but those of workloads that are over, and keeps what was seen; what could not be read stands at its connection, in words. It
 * asks a connection no faster than a dispatch may, and not while its circuit is open; what is left over comes first the next time.
 */
export async function observeTargets({ ctx }: { ctx: Context }): Promise<Observed> {
  authorise(ctx, 'dispatch.run')
  const targets = { where: notOver, include: { pool: { select: { observedAt: true } } } }
  const connections = await ctx.db.connection.findMany({ include: { targets } })
  const results = await Promise.all(connections.map((connection) => observeConnection(ctx, connection)))
  return {
    seen: results.reduce((sum, { seen }) => sum + seen, 0),
    unseen: results.reduce((sum, { unseen }) => sum + unseen, 0),
  }
}

type Kept = Target & { pool: { observedAt: Date | null } | null }
type Read = { target: Target; look: Look; at: Date }

async function observeConnection(
  ctx: Context,
  connection: Connection & { targets: Kept[] },
): Promise<Observed> {
  const { reads, shut } = await readInTurn(ctx, connection)
  const errors = reads.flatMap(({ look }) => (look.kind === 'unseen' ? [look.message] : []))
  const unseen = connection.targets.length - reads.length + errors.length
  if (reads.length === 0 && !shut?.circuit) return { seen: 0, unseen }
  const lastError = errors[0] ?? (shut?.circuit ? shut.message : null)
  await transact(ctx, async (tx) => {
    await tx.connection.updateMany({
      where: { id: connection.id },
      data: { ...(reads.length === 0 ? {} : { lastCheckedAt: ctx.clock.now() }), lastError },
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
  return { seen: reads.length - errors.length, unseen }
}

/** A few at a time, what was not seen for longest first; who tries a circuit asks once. Stops where the gate is shut. */
async function readInTurn(
  ctx: Context,
  connection: Connection & { targets: Kept[] },
): Promise<{ reads: Read[]; shut: Shut | null }> {
  const seenAt = ({ pool }: Kept) => pool?.observedAt?.getTime() ?? 0
  const waiting = connection.targets.toSorted((a, b) => seenAt(a) - seenAt(b))
  const reads: Read[] = []
  const began = performance.now()
  while (waiting.length > 0) {
    const gates: Gates = new Map()
    const passage = await passGate(ctx, gates, connection, spare)
    if ('message' in passage) {
      const { circuit, retryInSeconds } = passage
      const late = performance.now() - began > longestMs
      if (circuit || retryInSeconds > 1 || late) return { reads, shut: passage }
      await delay(restMs)
      continue
    }
    try {
      const some = waiting.splice(0, passage.probe ? 1 : atOnce)
      reads.push(...(await Promise.all(some.map((target) => read(ctx, gates, target)))))
    } finally {
      await settleGates(ctx, gates)
    }
  }
  return { reads, shut: null }
}

/** Returns whether it is another than was kept. */
async function keepOwnership(tx: Tx, { id, ownership: before }: Target, now: Ownership): Promise<boolean> {
  if (isDeepStrictEqual(before, now)) return false
  await tx.target.update({ where: { id }, data: { ownership: now } })
  return true
}

/** `at` is taken before the read: what is seen is at least that new. */
async function read(ctx: Context, gates: Gates, target: Target): Promise<Read> {
  const at = ctx.clock.now()
  return { target, look: await lookThrough(ctx, gates, target.id), at }
}
