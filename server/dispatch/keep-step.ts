import type { AuditInput } from '../audit/contract.ts'
import { appending } from '../audit/index.ts'
import type { UsingUp } from '../governance/index.ts'
import { announcing } from '../kernel/bus.ts'
import type { Context } from '../kernel/context.ts'
import { type Dispatch, type DispatchAction, Prisma, type Tx } from '../kernel/db.ts'
import type { Lease } from './lease.ts'
import type { ReceiptInput } from './step.ts'

/** What one step leaves in the rows of its dispatch and in the log. */
export type Kept = {
  changes: Partial<Dispatch>
  /** Actions as they are from now on. */
  actions: readonly DispatchAction[]
  receipts: readonly (ReceiptInput & { id: string; at: Date })[]
  announced: boolean
  entries: readonly AuditInput[]
  /** Uses the approval up: nothing is kept unless that was done. */
  using: UsingUp | null
}

/**
 * Keeps a step in one statement, the last of its transaction: its entries hold the lock of the log until the commit. False, with
 * nothing kept, unless the dispatch is in this state under this fencing token and the approval, where it is used up with it, was not.
 */
export async function keepStep(
  tx: Tx,
  ctx: Context,
  { dispatchId, decisionId, fencingToken, state }: Lease,
  { changes, actions, receipts, announced, entries, using }: Kept,
): Promise<boolean> {
  const calls = [
    ...(using?.calls ?? []),
    ...(announced ? [announcing({ topic: 'dispatch', id: decisionId })] : []),
    ...entries.map((entry) => appending(ctx, entry)),
  ]
  const used = using ? Prisma.sql`used AS (${using.update}), ` : Prisma.empty
  const ifUsed = using ? Prisma.sql`AND EXISTS (SELECT FROM used)` : Prisma.empty
  const kept = await tx.$queryRaw<unknown[]>`
    WITH ${used}moved AS (
      UPDATE "Dispatch" d SET ("state", "note", "leaseOwner", "leaseUntil", "updatedAt", "appliedAt", "verifiedAt",
          "rollingBackAt", "haltedAt", "unknownAt", "deadAt", "deadPosition", "crashes")
        = (SELECT "state", "note", "leaseOwner", "leaseUntil", "updatedAt", "appliedAt", "verifiedAt",
          "rollingBackAt", "haltedAt", "unknownAt", "deadAt", "deadPosition", "crashes"
          FROM jsonb_populate_record(d, ${JSON.stringify(changes)}::jsonb))
      WHERE "id" = ${dispatchId}::uuid AND "fencingToken" = ${fencingToken} AND "state" = ${state}::"DispatchState"
        ${ifUsed}
      RETURNING "id"
    ), actions AS (
      INSERT INTO "DispatchAction" ("dispatchId", "position", "stage", "targetId", "state", "appliedVersion",
        "appliedAt", "verifiedAt", "takenBackAt", "note")
      SELECT moved."id", a."position", a."stage", a."targetId", a."state", a."appliedVersion",
        a."appliedAt", a."verifiedAt", a."takenBackAt", a."note"
      FROM moved, jsonb_populate_recordset(NULL::"DispatchAction", ${JSON.stringify(actions)}::jsonb) a
      ON CONFLICT ("dispatchId", "position") DO UPDATE SET
        ("state", "appliedVersion", "appliedAt", "verifiedAt", "takenBackAt", "note") = (EXCLUDED."state",
          EXCLUDED."appliedVersion", EXCLUDED."appliedAt", EXCLUDED."verifiedAt", EXCLUDED."takenBackAt", EXCLUDED."note")
    ), receipts AS (
      INSERT INTO "Receipt" ("id", "dispatchId", "targetId", "step", "outcome", "request", "response", "at")
      SELECT r."id", moved."id", r."targetId", r."step", r."outcome", r."request", r."response", r."at"
      FROM moved, jsonb_populate_recordset(NULL::"Receipt", ${JSON.stringify(receipts)}::jsonb) r
    )
    SELECT ${Prisma.join([Prisma.sql`"id"::text`, ...calls.map((call) => Prisma.sql`(${call})::text`)])} FROM moved`
  return kept.length > 0
}
