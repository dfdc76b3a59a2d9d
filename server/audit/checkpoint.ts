import { createPublicKey, type KeyObject } from 'node:crypto'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { transact } from '../kernel/transact.ts'
import { append } from './append.ts'
import { besideKey, readAuditKey } from './audit-key.ts'
import { logStart, verifyChain } from './chain.ts'
import { appendToCheckpointFile } from './checkpoint-file.ts'
import { checkpointProblem, signCheckpoint } from './checkpoint-signature.ts'
import type { VerifyReport } from './contract.ts'
import { storedCheckpoints, storedEntries, storedHead } from './stored-log.ts'
import { verifyLog } from './verify-log.ts'

/** How long a full verification stands; between two, only what came since the last checkpoint is verified. */
const fullEveryMs = 3_600_000
/** How many checkpoints to look through for one to go on from; without one, the whole log is verified again. */
const recent = 100
export const verifiedAction = 'log.verified'
export const brokenAction = 'log.broken'

/**
 * Verifies the log and, only if it holds, signs a checkpoint of its head into the database and into the file beside the
 * key. What it finds is written to the log itself: a break once, a passed full verification each time.
 * @returns the report of what was verified; `sealed` tells how far the signature now reaches.
 */
export async function checkpoint({ ctx, input }: Verb<{ keyFile: string }>): Promise<VerifyReport> {
  authorise(ctx, 'audit.seal')
  const privateKey = readAuditKey(input.keyFile)
  const publicKeys = [createPublicKey(privateKey)]
  const { checkpointFile } = besideKey(input.keyFile)
  const last = await lastFinding(ctx)
  const full = last?.action !== verifiedAction || ctx.clock.now().getTime() - last.at.getTime() >= fullEveryMs

  const report = full
    ? await verifyLog({ ctx, input: { publicKeys, checkpointFile } })
    : await verifyNew(ctx, publicKeys)
  if (report.broken) {
    const problem = report.broken.problem
    ctx.log.error({ seq: report.broken.seq, problem }, 'the audit log does not verify')
    if (last?.problem !== problem) await record(ctx, brokenAction, report.broken)
    return report
  }
  if (full) await record(ctx, verifiedAction, { entries: report.entries, headHash: report.headHash })
  if (report.headHash === null || report.sealed === report.entries) return report

  const signed = signCheckpoint(privateKey, {
    size: report.entries,
    headHash: report.headHash,
    at: ctx.clock.now().toISOString(),
  })
  const { size, ...rest } = signed
  const made = await ctx.db.auditCheckpoint.createMany({
    data: [{ ...rest, size: BigInt(size) }],
    skipDuplicates: true,
  })
  if (made.count === 1) appendToCheckpointFile(checkpointFile, signed)
  return { ...report, sealed: report.entries }
}

/** From the newest checkpoint whose signature holds to the head. */
async function verifyNew(ctx: Context, publicKeys: readonly KeyObject[]): Promise<VerifyReport> {
  const checkpoints = await storedCheckpoints(ctx.db, recent)
  const from = checkpoints.findLast((candidate) => !checkpointProblem(candidate, publicKeys)) ?? logStart
  const head = await storedHead(ctx.db)
  if (head.size < from.size || (head.size === from.size && head.headHash !== from.headHash)) {
    return verifyLog({ ctx, input: { publicKeys, checkpointFile: null } })
  }
  return verifyChain({
    entries: storedEntries(ctx.db, from.size, head.size),
    checkpoints,
    publicKeys,
    from: { size: from.size, headHash: from.headHash },
  })
}

/** The newest entry that says what a verification found. */
export async function lastFinding(
  ctx: Context,
): Promise<{ action: string; at: Date; problem: string | null } | null> {
  const entry = await ctx.db.auditEntry.findFirst({
    where: { stage: 'audit', action: { in: [verifiedAction, brokenAction] } },
    orderBy: { seq: 'desc' },
  })
  if (!entry) return null
  const body: unknown = JSON.parse(entry.canonical)?.body
  const problem = body instanceof Object && 'problem' in body ? String(body.problem) : null
  return { action: entry.action, at: entry.at, problem }
}

async function record(ctx: Context, action: string, body: { [key: string]: string | number | null }) {
  await transact(ctx, (tx) => append(tx, ctx, { stage: 'audit', action, subject: 'log', body }))
}
