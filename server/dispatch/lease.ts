import type { AuditInput } from '../audit/contract.ts'
import { append, appending } from '../audit/index.ts'
import type { DispatchStateName } from '../governance/contract.ts'
import { announce, announcing } from '../kernel/bus.ts'
import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import type { Dispatch } from '../kernel/generated/client.ts'
import { transact } from '../kernel/transact.ts'
import type { DispatchSettings } from './settings.ts'

/** The right to carry out one dispatch until somebody with a higher token takes it over. */
export type Lease = {
  dispatchId: string
  decisionId: string
  fencingToken: number
  owner: string
  state: DispatchStateName
  attempts: number
  createdAt: Date
  rollingBackAt: Date | null
  unknownAt: Date | null
  redrivenAt: Date | null
}

/** `settled`: nothing is left to do. `waiting`: a later job is on its way. `busy`: another worker holds it until then. */
export type Claim =
  | { kind: 'held'; lease: Lease }
  | { kind: 'settled' | 'waiting'; state: DispatchStateName }
  | { kind: 'busy'; state: DispatchStateName; freeInSeconds: number }

export const openStates = [
  'pending',
  'dispatching',
  'applied',
  'unknown',
  'rolling_back',
] as const satisfies DispatchStateName[]

const isOpen = (state: DispatchStateName): boolean => openStates.some((open) => open === state)

/** Somebody took the dispatch over; whatever this worker still wanted to write is refused. */
export class LeaseLostError extends Error {
  constructor(lease: Lease) {
    super(
      `Dispatch ${lease.dispatchId} was taken over; fencing token ${lease.fencingToken} is no longer valid.`,
    )
    this.name = 'LeaseLostError'
  }
}

/**
 * Makes the dispatch of a decision if it has none, and takes it if nobody holds it. The token rises with every
 * taking, and the update is conditional on the token that was read: of any number of workers one gets it.
 * @throws NotFoundError, ConflictError if the decision approves nothing
 */
export async function claim(ctx: Context, decisionId: string, settings: DispatchSettings): Promise<Claim> {
  const lease = await claimNew(ctx, decisionId, settings)
  return lease === null ? claimKnown(ctx, decisionId, settings) : { kind: 'held', lease }
}

/** The first delivery, which is nearly every one: makes the dispatch as its holder, in one statement. Null if it is there. */
async function claimNew(ctx: Context, decisionId: string, settings: DispatchSettings): Promise<Lease | null> {
  const now = ctx.clock.now()
  const lease: Lease = {
    ...{ dispatchId: ctx.ids.uuid(), decisionId, fencingToken: 1, owner: ctx.ids.uuid(), state: 'pending' },
    ...{ attempts: 1, createdAt: now, rollingBackAt: null, unknownAt: null, redrivenAt: null },
  }
  const made = await ctx.db.$queryRaw<unknown[]>`
    WITH made AS (
      INSERT INTO "Dispatch" ("id", "decisionId", "state", "fencingToken", "leaseOwner", "leaseUntil", "attempts",
        "createdAt", "updatedAt")
      SELECT ${lease.dispatchId}::uuid, "id", 'pending', ${lease.fencingToken}, ${lease.owner},
        ${leaseEnd(now, settings)}::timestamptz, ${lease.attempts}, ${now}::timestamptz, ${now}::timestamptz
      FROM "Decision" WHERE "id" = ${decisionId}::uuid AND "kind" IN ('approve', 'override')
      ON CONFLICT ("decisionId") DO NOTHING RETURNING "id"
    )
    SELECT (${announcing({ topic: 'dispatch', id: decisionId })})::text, ${appending(ctx, takenEntry('dispatch.taken', lease))}
    FROM made`
  return made.length === 0 ? null : lease
}

function takenEntry(
  action: 'dispatch.taken' | 'dispatch.taken-over',
  { decisionId, dispatchId, fencingToken, state }: Lease,
): AuditInput {
  const subject = `decision/${decisionId}`
  return { stage: 'dispatch', action, subject, body: { dispatchId, fencingToken, state } }
}

function claimKnown(ctx: Context, decisionId: string, settings: DispatchSettings): Promise<Claim> {
  return transact(ctx, async (tx) => {
    const decision = await tx.decision.findUnique({ where: { id: decisionId }, select: { kind: true } })
    if (decision === null) throw new NotFoundError('decision', decisionId)
    if (decision.kind !== 'approve' && decision.kind !== 'override') {
      throw new ConflictError(
        `Decision ${decisionId} is of kind "${decision.kind}": there is nothing to carry out.`,
      )
    }
    const now = ctx.clock.now()
    const row = await tx.dispatch.findUniqueOrThrow({ where: { decisionId } })
    if (!isOpen(row.state) || row.deadAt !== null) return { kind: 'settled', state: row.state }
    if (row.leaseUntil !== null && row.leaseUntil > now && isBelievable(row, now, settings)) {
      if (row.leaseOwner === null) return { kind: 'waiting', state: row.state }
      return {
        kind: 'busy',
        state: row.state,
        freeInSeconds: (row.leaseUntil.getTime() - now.getTime()) / 1_000,
      }
    }
    const crashes = row.leaseOwner === null ? 0 : row.crashes + 1
    if (crashes >= settings.mostCrashes) {
      await setAside(ctx, tx, row, crashes)
      return { kind: 'settled', state: row.state }
    }
    const lease: Lease = {
      dispatchId: row.id,
      decisionId,
      fencingToken: row.fencingToken + 1,
      owner: ctx.ids.uuid(),
      state: row.state,
      attempts: row.attempts + 1,
      createdAt: row.createdAt,
      rollingBackAt: row.rollingBackAt,
      unknownAt: row.unknownAt,
      redrivenAt: row.redrivenAt,
    }
    const { count } = await tx.dispatch.updateMany({
      where: { id: row.id, fencingToken: row.fencingToken, state: row.state },
      data: {
        fencingToken: lease.fencingToken,
        leaseOwner: lease.owner,
        leaseUntil: leaseEnd(now, settings),
        attempts: lease.attempts,
        crashes,
        updatedAt: now,
      },
    })
    if (count === 0) return { kind: 'busy', state: row.state, freeInSeconds: settings.leaseSeconds }
    const reason =
      row.attempts === 0 ? 'dispatch.taken' : row.leaseOwner !== null ? 'dispatch.taken-over' : null
    if (reason !== null) {
      await announce(tx, { topic: 'dispatch', id: decisionId })
      await append(tx, ctx, takenEntry(reason, lease))
    }
    return { kind: 'held', lease }
  })
}

/**
 * Whether a lease or a pause can have been written by a clock that goes with ours. A row from the future, or a lease longer than any,
 * was left by a clock that is ahead: it keeps nobody out, since no effect rests on it.
 */
function isBelievable(
  { leaseUntil, leaseOwner, updatedAt }: Pick<Dispatch, 'leaseUntil' | 'leaseOwner' | 'updatedAt'>,
  now: Date,
  settings: DispatchSettings,
): boolean {
  const ahead = leaseEnd(now, settings)
  const held = leaseOwner !== null && leaseUntil !== null && leaseUntil > leaseEnd(ahead, settings)
  return updatedAt <= ahead && !held
}

/** Worker after worker ended over it: somebody has to look before the next one does. */
async function setAside(
  ctx: Context,
  tx: Tx,
  { id, decisionId, state }: Dispatch,
  crashes: number,
): Promise<void> {
  const now = ctx.clock.now()
  const note = `${crashes} workers in a row ended without carrying it on or giving it back. The log of the workers says why.`
  const free = { leaseOwner: null, leaseUntil: null, fencingToken: { increment: 1 } }
  await tx.dispatch.update({ where: { id }, data: { ...free, note, deadAt: now, updatedAt: now } })
  await announce(tx, { topic: 'dispatch', id: decisionId })
  await append(tx, ctx, {
    stage: 'dispatch',
    action: 'dispatch.dead-letter',
    subject: `decision/${decisionId}`,
    body: { dispatchId: id, state, note },
  })
}

/**
 * Signs of life of a worker, three times as often as its lease would run out, while it waits for a target. Returns what ends
 * them. What the worker gave back, or another one took, is left alone.
 */
export function keepAlive(ctx: Context, lease: Lease, settings: DispatchSettings): () => void {
  const { dispatchId: id, fencingToken, owner: leaseOwner } = lease
  const beat = setInterval(
    () => {
      const leaseUntil = leaseEnd(ctx.clock.now(), settings)
      ctx.db.dispatch
        .updateMany({ where: { id, fencingToken, leaseOwner }, data: { leaseUntil } })
        .catch((error: unknown) => ctx.log.warn({ error: String(error) }, 'a sign of life was not kept'))
    },
    (settings.leaseSeconds * 1_000) / 3,
  )
  return () => clearInterval(beat)
}

export function leaseEnd(now: Date, settings: DispatchSettings): Date {
  return new Date(now.getTime() + settings.leaseSeconds * 1_000)
}
