import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { canonicalText } from './canonical.ts'
import type { AuditInput } from './contract.ts'

export const entryFormat = 'infrasage-audit/1'

/**
 * Appends one entry to the log in the caller's transaction: it is kept exactly if the transaction is. Who, when and
 * in which request come from `ctx`. Call it last: until the commit, every other append waits for this one.
 * @returns the entry's sequence number.
 * @throws TypeError if the body has no canonical form (undefined, NaN, bigint, Date, …), naming the path.
 */
export async function append(tx: Tx, ctx: Context, input: AuditInput): Promise<number> {
  const at = ctx.clock.now()
  const canonical = canonicalText({
    format: entryFormat,
    at: at.toISOString(),
    stage: input.stage,
    action: input.action,
    subject: input.subject,
    actor: ctx.actor,
    requestId: ctx.requestId,
    body: input.body,
  })
  const rows = await tx.$queryRaw<{ seq: bigint }[]>`
    SELECT audit_append(${at}::timestamptz, ${input.stage}, ${input.action}, ${input.subject}, ${canonical}) AS seq`
  return Number(rows[0]?.seq)
}
