import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import type { Context } from '../kernel/context.ts'
import { nowOf } from '../kernel/database-clock.ts'
import type { Tx } from '../kernel/db.ts'
import { spreadOf } from '../kernel/rng.ts'
import { transact } from '../kernel/transact.ts'
import { wakeWaiting } from './wake-waiting.ts'

/** Requests in a row without an answer that open the circuit of a connection. */
export const failuresToOpen = 5
const shortestOpenSeconds = 15
const longestOpenSeconds = 300

export type Unanswered = {
  connectionId: string
  probe: boolean
  answered: boolean
  unanswered: number
  lastFailure: string
}

/** Counts requests that were not answered; with the fifth in a row, or that of a probe, the circuit is open for a while. */
export async function countFailures(ctx: Context, said: Unanswered): Promise<void> {
  const { connectionId, probe, answered, unanswered, lastFailure } = said
  await transact(ctx, async (tx) => {
    const [locked] = await tx.$queryRaw<{ now: Date }[]>`
      SELECT ${nowOf(ctx.clock)} AS "now" FROM "ConnectionGate" WHERE "connectionId" = ${connectionId}::uuid FOR UPDATE`
    const gate = await tx.connectionGate.findUniqueOrThrow({ where: { connectionId } })
    const failures = (answered ? 0 : gate.failures) + unanswered
    const opens = probe || (gate.openUntil === null && failures >= failuresToOpen)
    const now = locked?.now ?? ctx.clock.now()
    const seconds = openSeconds(connectionId, gate.opens)
    const openUntil = opens ? new Date(now.getTime() + seconds * 1_000) : gate.openUntil
    await tx.connectionGate.update({
      where: { connectionId },
      data: {
        ...{ failures, lastFailure: lastFailure.slice(0, 500), openUntil },
        ...(opens ? { opens: gate.opens + 1, probing: false } : {}),
      },
    })
    if (!opens) return
    await announce(tx, { topic: 'target' })
    if (gate.opens > 0) return
    await append(tx, ctx, {
      stage: 'dispatch',
      action: 'connection.circuit-opened',
      subject: `connection/${connectionId}`,
      body: { failures, lastFailure: lastFailure.slice(0, 500), openUntil: openUntil?.toISOString() ?? null },
    })
  })
}

/** It answers again: what waited for it goes on at once. */
export async function closeCircuit(ctx: Context, connectionId: string): Promise<void> {
  await transact(ctx, (tx) => closeCircuitIn(tx, ctx, connectionId))
}

/** The same in the caller's transaction. */
export async function closeCircuitIn(tx: Tx, ctx: Context, connectionId: string): Promise<void> {
  const { count } = await tx.connectionGate.updateMany({
    where: { connectionId, openUntil: { not: null } },
    data: { openUntil: null, opens: 0, failures: 0, probing: false, lastFailure: null },
  })
  if (count === 0) return
  await announce(tx, { topic: 'target' })
  await append(tx, ctx, {
    stage: 'dispatch',
    action: 'connection.circuit-closed',
    subject: `connection/${connectionId}`,
    body: {},
  })
  await wakeWaiting(tx, ctx, connectionId)
}

/** Who was to try it learned nothing, because its go ended before it asked: another may try at once. */
export async function releaseProbe({ db, clock }: Context, connectionId: string): Promise<void> {
  await db.$executeRaw`
    UPDATE "ConnectionGate" SET "openUntil" = ${nowOf(clock)}, "probing" = false
    WHERE "connectionId" = ${connectionId}::uuid AND "probing" AND "openUntil" IS NOT NULL`
}

/** Twice as long each time in a row, the later half of it spread. */
function openSeconds(connectionId: string, opens: number): number {
  const longest = Math.min(shortestOpenSeconds * 2 ** Math.min(opens + 1, 16), longestOpenSeconds)
  return (longest / 2) * (1 + spreadOf(`${connectionId}/${opens}`))
}
