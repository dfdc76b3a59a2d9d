import type { Context } from '../kernel/context.ts'
import { Prisma, type Tx } from '../kernel/db.ts'
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
  const [row] = await tx.$queryRaw<{ seq: bigint }[]>`SELECT ${appending(ctx, input)} AS seq`
  return Number(row?.seq)
}

/**
 * The call that appends an entry, for a statement that does something else as well, or appends several: they are called, and chained,
 * in the order of a `SELECT` list. @throws TypeError as `append`
 */
export function appending(ctx: Context, { stage, action, subject, body }: AuditInput): Prisma.Sql {
  const at = ctx.clock.now()
  const canonical = canonicalText({
    format: entryFormat,
    at: at.toISOString(),
    ...{ stage, action, subject, actor: ctx.actor, requestId: ctx.requestId, body },
  })
  return Prisma.sql`audit_append(${at}::timestamptz, ${stage}, ${action}, ${subject}, ${canonical})`
}
