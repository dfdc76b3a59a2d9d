import { authorise, type Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import type { LogStatus } from './contract.ts'
import type { LogPosition } from './entry-problem.ts'
import { brokenAction, lastFinding, lastVerifiedWhole, pendingAsk } from './findings.ts'
import { storedHead } from './stored-log.ts'

/** How far the log is verified and sealed, and whether anything was found. A few look-ups; cheap at any size. */
export async function logStatus({ ctx }: { ctx: Verb<never>['ctx'] }): Promise<LogStatus> {
  authorise(ctx, 'audit.read')
  const [head, sealed, finding, wholeAt, asked] = await Promise.all([
    storedHead(ctx.db),
    ctx.db.auditCheckpoint.findFirst({ orderBy: { size: 'desc' } }),
    lastFinding(ctx.db),
    lastVerifiedWhole(ctx.db),
    pendingAsk(ctx.db),
  ])
  const found = finding?.action === brokenAction ? finding : null
  const broken = found ?? (sealed ? await missingHead(ctx.db, sealed) : null)
  return {
    verifying: asked && { since: asked.at.toISOString(), why: asked.why },
    entries: head.size,
    verifiedSize: Number(sealed?.size ?? 0),
    verifiedAt: sealed?.at.toISOString() ?? null,
    wholeAt: wholeAt?.toISOString() ?? null,
    ok: broken === null,
    problem: broken?.problem ?? null,
    brokenSeq: broken?.seq ?? null,
  }
}

/** What is wrong where the log should hold the entry that a checkpoint vouches for; null if it is there. */
export async function missingHead(
  tx: Tx,
  sealed: { size: bigint; headHash: string },
): Promise<{ seq: number; problem: string } | null> {
  const entry = await tx.auditEntry.findUnique({ where: { seq: sealed.size }, select: { hash: true } })
  return headProblem({ size: Number(sealed.size), headHash: sealed.headHash }, entry?.hash ?? null)
}

/** The same, of the hash of the entry that stands where the checkpoint ends; null where none does. */
export function headProblem(
  { size, headHash }: LogPosition,
  foundHash: string | null,
): { seq: number; problem: string } | null {
  if (foundHash === headHash) return null
  const problem = `entry ${size}, which the last checkpoint vouches for, is ${foundHash === null ? 'gone' : 'another one now'}`
  return { seq: size, problem }
}
