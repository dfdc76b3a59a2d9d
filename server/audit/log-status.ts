import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { brokenAction, lastFinding } from './checkpoint.ts'
import type { LogStatus } from './contract.ts'
import { storedHead } from './stored-log.ts'

/** How far the log is verified and sealed, and whether anything was found. A few look-ups; cheap at any size. */
export async function logStatus({ ctx }: { ctx: Verb<never>['ctx'] }): Promise<LogStatus> {
  authorise(ctx, 'audit.read')
  const head = await storedHead(ctx.db)
  const sealed = await ctx.db.auditCheckpoint.findFirst({ orderBy: { size: 'desc' } })
  const finding = await lastFinding(ctx)
  const broken = finding?.action === brokenAction ? finding.problem : null
  const problem = broken ?? (sealed ? await missingHead(ctx, sealed) : null)
  return {
    entries: head.size,
    verifiedSize: Number(sealed?.size ?? 0),
    verifiedAt: sealed?.at.toISOString() ?? null,
    ok: problem === null,
    problem,
  }
}

async function missingHead(ctx: Context, sealed: { size: bigint; headHash: string }): Promise<string | null> {
  const entry = await ctx.db.auditEntry.findUnique({ where: { seq: sealed.size }, select: { hash: true } })
  if (entry?.hash === sealed.headHash) return null
  return `entry ${sealed.size}, which the last checkpoint vouches for, is ${entry ? 'another one now' : 'gone'}`
}
