import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { transact } from '../kernel/transact.ts'
import { append } from './append.ts'
import type { Verifying } from './contract.ts'
import { askedAction, brokenAction, lastFinding, pendingAsk } from './findings.ts'

/**
 * Asks that the whole log be verified now; a worker does it within seconds. One at a time: while one is asked for or runs, that one
 * is the answer. The asking is an entry of the log, and so is what was found.
 */
export async function askVerification({ ctx }: { ctx: Verb<never>['ctx'] }): Promise<Verifying> {
  authorise(ctx, 'audit.verify')
  return ask(ctx, 'asked for')
}

/**
 * The same where something was seen that does not hold, by whomever: what reads the log may not go on calling it whole. Nothing
 * where it is known to be broken already; never an error, for what was seen is to be told all the same.
 */
export async function suspectLog(ctx: Context, why: string): Promise<void> {
  try {
    if ((await lastFinding(ctx.db))?.action !== brokenAction) await ask(ctx, why)
  } catch (error) {
    ctx.log.warn({ why, error: String(error) }, 'could not ask for a verification of the log')
  }
}

function ask(ctx: Context, why: string): Promise<Verifying> {
  return transact(ctx, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('log-verification', 0))`
    const pending = await pendingAsk(tx)
    if (pending) return { since: pending.at.toISOString(), why: pending.why }
    await append(tx, ctx, { stage: 'audit', action: askedAction, subject: 'log', body: { why } })
    return { since: ctx.clock.now().toISOString(), why }
  })
}
