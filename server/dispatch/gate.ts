import type { Context } from '../kernel/context.ts'
import { nowOf } from '../kernel/database-clock.ts'
import { closeCircuit, countFailures, releaseProbe } from './circuit.ts'
import { defaultSettings } from './settings.ts'

/** Requests that one go usually takes, with one write: reserved when it is let in, and settled where it took another number. */
const reserved = 4
/** How long one worker may try whether a connection answers again, before another may: as long as a worker that died keeps its lease. */
const probeSeconds = defaultSettings.leaseSeconds

/** One worker's passage to one connection, for one go. */
export type Passage = {
  connectionId: string
  probe: boolean
  /** Requests in a row of all workers that were not answered, as it was let in. */
  failures: number
  requests: number
  /** Requests in a row, up to now, that were not answered. */
  unanswered: number
  answered: boolean
  lastFailure: string
  /** The other side asked to be left alone for so long. */
  pauseSeconds: number
}

/** What a worker passed through in one go, by connection. */
export type Gates = Map<string, Passage>

/** `circuit`: because it did not answer; otherwise it is only asked no faster. */
export type Shut = { message: string; retryInSeconds: number; circuit: boolean }
type Gated = { id: string; name: string }

/**
 * Lets a worker through to a connection, or says why and for how long not: its circuit is open, it asked to be left alone, or as
 * much was sent as it is to be asked. One token bucket and one circuit per connection, in one row that every worker shares. Once
 * per go: the passage holds until `settleGates`. `spare`: the share of the burst that must be left for others, of who can wait.
 */
export async function passGate(
  ctx: Context,
  gates: Gates,
  connection: Gated,
  spare = 0,
): Promise<Passage | Shut> {
  const known = gates.get(connection.id)
  if (known !== undefined) return known
  const entered = (await enter(ctx, connection.id, spare)) ?? (await enterNew(ctx, connection.id))
  if (entered === null) return whyShut(ctx, connection)
  const passage: Passage = {
    connectionId: connection.id,
    ...{ probe: entered.probing, failures: entered.failures },
    ...{ requests: 0, unanswered: 0, answered: false, lastFailure: '', pauseSeconds: 0 },
  }
  gates.set(connection.id, passage)
  return passage
}

type Entered = { probing: boolean; failures: number }

/** One statement, so that of any number of workers only as many are let in as the bucket holds, and one as the probe. */
async function enter({ db, clock }: Context, connectionId: string, spare = 0): Promise<Entered | null> {
  const now = nowOf(clock)
  const [row] = await db.$queryRaw<Entered[]>`
    UPDATE "ConnectionGate" SET
      "tokens" = LEAST("burst", "tokens" + "requestsPerSecond"
        * GREATEST(0, EXTRACT(EPOCH FROM ${now} - "refilledAt")::float8)) - ${reserved}::float8,
      "refilledAt" = GREATEST("refilledAt", ${now}),
      "probing" = "openUntil" IS NOT NULL,
      "openUntil" = CASE WHEN "openUntil" IS NULL THEN NULL ELSE ${now} + ${probeSeconds}::float8 * interval '1 second' END
    WHERE "connectionId" = ${connectionId}::uuid
      AND ("openUntil" IS NULL OR "openUntil" <= ${now})
      AND ("pausedUntil" IS NULL OR "pausedUntil" <= ${now})
      AND "tokens" + "requestsPerSecond"
        * GREATEST(0, EXTRACT(EPOCH FROM ${now} - "refilledAt")::float8) >= GREATEST(1, ${spare}::float8 * "burst")
    RETURNING "probing", "failures"`
  return row ?? null
}

async function enterNew(ctx: Context, connectionId: string): Promise<Entered | null> {
  const made = await ctx.db.$executeRaw`
    INSERT INTO "ConnectionGate" ("connectionId", "refilledAt") VALUES (${connectionId}::uuid, ${nowOf(ctx.clock)})
    ON CONFLICT DO NOTHING`
  return made === 0 ? null : enter(ctx, connectionId)
}

async function whyShut({ db, clock }: Context, { id, name }: Gated): Promise<Shut> {
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT ${nowOf(clock)} AS "now"`
  const now = row?.now ?? clock.now()
  const gate = await db.connectionGate.findUniqueOrThrow({ where: { connectionId: id } })
  const inSeconds = (at: Date | null) => (at === null ? 0 : (at.getTime() - now.getTime()) / 1_000)
  if (inSeconds(gate.openUntil) > 0) {
    const last = gate.lastFailure === null ? '' : ` The last of it: ${gate.lastFailure}`
    const message = `The connection "${name}" has not answered ${gate.failures} times in a row and is left alone for now.${last}`
    return { message, retryInSeconds: inSeconds(gate.openUntil), circuit: true }
  }
  if (inSeconds(gate.pausedUntil) > 0) {
    const message = `The connection "${name}" asked to be left alone for a while.`
    return { message, retryInSeconds: inSeconds(gate.pausedUntil), circuit: false }
  }
  const message = `The connection "${name}" is asked at most ${gate.requestsPerSecond} times a second.`
  const tokens = gate.tokens - gate.requestsPerSecond * inSeconds(gate.refilledAt)
  return { message, retryInSeconds: Math.max(0, (1 - tokens) / gate.requestsPerSecond), circuit: false }
}

/** Settles what a go took, and what it learned of whether each connection answers. */
export async function settleGates(ctx: Context, gates: Gates): Promise<void> {
  for (const passage of gates.values()) {
    if (isSettled(passage)) continue
    const { connectionId, requests, unanswered, answered, pauseSeconds, probe } = passage
    const back = reserved - requests
    await ctx.db.$executeRaw`
      UPDATE "ConnectionGate" SET
        "tokens" = LEAST("burst", "tokens" + ${back}::float8),
        "pausedUntil" = CASE WHEN ${pauseSeconds}::float8 > 0
          THEN ${nowOf(ctx.clock)} + ${pauseSeconds}::float8 * interval '1 second' ELSE "pausedUntil" END,
        "failures" = CASE WHEN ${answered} AND "openUntil" IS NULL THEN 0 ELSE "failures" END
      WHERE "connectionId" = ${connectionId}::uuid`
    if (unanswered > 0) await countFailures(ctx, passage)
    else if (probe && answered) await closeCircuit(ctx, connectionId)
    else if (probe) await releaseProbe(ctx, connectionId)
  }
  gates.clear()
}

/** It took what was reserved, and was answered as those before it were. */
function isSettled({ requests, unanswered, pauseSeconds, probe, failures }: Passage): boolean {
  return requests === reserved && unanswered === 0 && pauseSeconds === 0 && !probe && failures === 0
}
