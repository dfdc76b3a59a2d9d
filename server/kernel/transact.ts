import type { Context } from './context.ts'
import type { Tx } from './db.ts'
import { requireStillHeld } from './still-held.ts'

const retryableStates = new Set(['40001', '40P01'])
const attempts = 5

/**
 * Runs `work` in one READ COMMITTED transaction; all of it is kept or none. A deadlock or serialisation failure
 * is tried again from the start, so `work` must have no effect outside the transaction.
 * @throws UnauthenticatedError if the actor lost a role, the account or the key since the request came
 */
export async function transact<T>(
  ctx: Context,
  work: (tx: Tx) => Promise<T>,
  { timeoutMs = 30_000 } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ctx.db.$transaction(
        async (tx) => {
          await requireStillHeld(tx, ctx)
          return work(tx)
        },
        { timeout: timeoutMs, maxWait: 10_000 },
      )
    } catch (error) {
      if (attempt === attempts || !isRetryable(error)) throw error
      ctx.log.warn({ attempt, requestId: ctx.requestId }, 'transaction lost a race and is tried again')
    }
  }
}

/** Of a statement of our own (`$queryRaw`), Prisma keeps what the database said in `meta`, and not as the cause. */
type Failure = {
  code?: unknown
  originalCode?: unknown
  cause?: unknown
  meta?: { driverAdapterError?: unknown }
}

function isRetryable(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Object && depth < 5; depth++) {
    const { code, originalCode, cause, meta }: Failure = at
    if (code === 'P2034' || retryableStates.has(String(code)) || retryableStates.has(String(originalCode)))
      return true
    at = cause ?? meta?.driverAdapterError
  }
  return false
}
