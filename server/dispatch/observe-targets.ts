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

/** Reads under way at once per connection; every one of them ends within the bounds of a look. */
const atOnce = 4
/** After it no more reads of a connection are begun: so a connection is read for little more than half a minute at most. */
const beginWithinMs = 20_000
/** Reads come every few seconds, and most connections answer in less than one. */
const defaultPatienceMs = 10_000
/** The share of a connection's burst that is left to dispatches, and for how long a reading waits for more. */
const spare = 0.5
const longestMs = 10_000
const restMs = 200

/** A target without a pool, or of a workload that goes on. */
const notOver = { OR: [{ pool: null }, { pool: { workload: { endedAt: null } } }] }

export type Observed = { seen: number; unseen: number }

/** Connections that this process reads at the moment: a slow one is not asked again before it has answered. */
const underWay = new Set<string>()

/**
 * Reads every target but those of workloads that are over, and keeps what was seen; what could not be read stands at its connection, in words. It
 * asks a connection no faster than a dispatch may, and not while its circuit is open; what is left over comes first the next time. A connection
 * that takes longer than `patienceMs` goes on by itself, so that the others are read again meanwhile; until then it counts as unseen.
 */
export async function observeTargets(
  { ctx }: { ctx: Context },
  patienceMs = defaultPatienceMs,
): Promise<Observed> {
  authorise(ctx, 'dispatch.run')
  const targets = { where: notOver, include: { pool: { select: { observedAt: true } } } }
  const connections = await ctx.db.connection.findMany({ include: { targets } })
  const patience = new AbortController()
  const over = delay(patienceMs, null, { signal: patience.signal }).catch(() => null)
  const results = await Promise.all(
    connections.map(async (connection) => {
      const observed = underWay.has(connection.id) ? null : observeApart(ctx, connection)
      return (await Promise.race([observed, over])) ?? { seen: 0, unseen: connection.targets.length }
    }),
  )
  patience.abort()
  return {
    seen: results.reduce((sum, { seen }) => sum + seen, 0),
    unseen: results.reduce((sum, { unseen }) => sum + unseen, 0),
  }
}

type Kept = Target & { pool: { observedAt: Date | null } | null }
type Read = { target: Target; look: Look; at: Date }
type Seen = Read & { look: { kind: 'seen' } }

/** Whatever becomes of a connection, it is no reason to see nothing of the others. */
async function observeApart(
  ctx: Context,
  connection: Connection & { targets: Kept[] },
): Promise<Observed | null> {
  underWay.add(connection.id)
  try {
    return await observeConnection(ctx, connection)
  } catch (error) {
    ctx.log.error({ connection: connection.id, error }, 'a connection could not be observed')
    return null
  } finally {
    underWay.delete(connection.id)
  }
}

async function observeConnection(
  ctx: Context,
  connection: Connection & { targets: Kept[] },
): Promise<Observed> {
  const { reads, shut } = await readInTurn(ctx, connection)
  if (reads.length === 0 && !shut?.circuit) return { seen: 0, unseen: connection.targets.length }
  const unseen = reads.flatMap(({ look }) => (look.kind === 'unseen' ? [look.message] : []))
  const seen = reads.filter((each): each is Seen => each.look.kind === 'seen')
  const { kept, unkept } = await keepAll(ctx, seen)
  const errors = [...unseen, ...unkept]
  const lastError = errorWords(errors) ?? (shut?.circuit ? shut.message : null)
  await transact(ctx, async (tx) => {
    await tx.connection.updateMany({
      where: { id: connection.id },
      data: { ...(reads.length === 0 ? {} : { lastCheckedAt: ctx.clock.now() }), lastError },
    })
    if (lastError !== connection.lastError) await announce(tx, { topic: 'target' })
  })
  return { seen: kept, unseen: connection.targets.length - kept }
}

/** The first by name, so that it does not change with the order in which they were read. */
function errorWords(errors: readonly string[]): string | null {
  const [first, ...others] = errors.toSorted()
  if (first === undefined) return null
  return others.length === 0 ? first : `${first} (and ${others.length} more of its targets)`
}

/** All at once; where one of them cannot be kept, each by itself, so that it hides none of the others. */
async function keepAll(ctx: Context, seen: readonly Seen[]): Promise<{ kept: number; unkept: string[] }> {
  try {
    if (seen.length > 0) await keep(ctx, seen)
    return { kept: seen.length, unkept: [] }
  } catch (error) {
    ctx.log.warn({ error }, 'what was seen could not be kept at once')
  }
  const unkept: string[] = []
  for (const each of seen) {
    try {
      await keep(ctx, [each])
    } catch (error) {
      ctx.log.error({ target: each.target.id, error }, 'what was seen of a target could not be kept')
      unkept.push(`"${each.target.name}" was read, and what it said could not be kept.`)
    }
  }
  return { kept: seen.length - unkept.length, unkept }
}

async function keep(ctx: Context, seen: readonly Seen[]): Promise<void> {
  await transact(ctx, async (tx) => {
    let changed = false
    for (const { target, look, at } of seen) {
      const { desiredReplicas, readyReplicas, version, ownership } = look.observation
      const observation = { targetId: target.id, desiredReplicas, readyReplicas, version, at }
      const moved = await recordObservation(tx, observation)
      changed = (await keepOwnership(tx, target, ownership)) || moved || changed
    }
    if (changed) await announce(tx, { topic: 'target' })
  })
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
  while (waiting.length > 0 && performance.now() - began < beginWithinMs) {
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

/** `at` is taken before the read: what is seen is at least that new. Whatever goes wrong is this target's own. */
async function read(ctx: Context, gates: Gates, target: Target): Promise<Read> {
  const at = ctx.clock.now()
  try {
    return { target, look: await lookThrough(ctx, gates, target.id), at }
  } catch (error) {
    ctx.log.error({ target: target.id, error }, 'a target could not be read')
    const message = `"${target.name}" could not be read.`
    return { target, look: { kind: 'unseen', forGood: false, redrivable: true, message }, at }
  }
}
