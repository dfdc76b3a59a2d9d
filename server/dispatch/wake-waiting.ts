import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'

/**
 * Delivers at once what waits for a later try and has a target behind the connection. What waits for its window or for replicas to
 * become ready is left where it is.
 */
export async function wakeWaiting(tx: Tx, ctx: Context, connectionId: string): Promise<void> {
  const waiting = await tx.$queryRaw<{ decisionId: string }[]>`
    UPDATE "Dispatch" d SET "leaseUntil" = NULL
    FROM "Decision" x
    WHERE x."id" = d."decisionId" AND d."leaseOwner" IS NULL AND d."deadAt" IS NULL
      AND d."state" IN ('pending', 'dispatching', 'unknown', 'rolling_back')
      AND (x."notBefore" IS NULL OR x."notBefore" <= ${ctx.clock.now()}::timestamptz)
      AND EXISTS (
        SELECT 1 FROM "Target" t WHERE t."connectionId" = ${connectionId}::uuid
          AND x."binding"->'targets' @> jsonb_build_array(jsonb_build_object('targetId', t."id")))
    RETURNING d."decisionId"`
  for (const { decisionId } of waiting)
    await ctx.queue.send(tx, 'dispatch', { decisionId }, { key: decisionId })
}
