import { createPublicKey, type KeyObject } from 'node:crypto'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { transact } from '../kernel/transact.ts'
import { append } from './append.ts'
import { besideKey, readAuditKey } from './audit-key.ts'
import { verifyChain } from './chain.ts'
import { appendToCheckpointFile } from './checkpoint-file.ts'
import { checkpointProblem, signCheckpoint } from './checkpoint-signature.ts'
import type { AuditCheckpointView, VerifyReport } from './contract.ts'
import { brokenAction, lastFinding, pendingAsk, verifiedAction } from './findings.ts'
import { newestCheckpoints, storedEntries, storedHead } from './stored-log.ts'
import type { TreeFrontier, TreeNode } from './tree/frontier.ts'
import { keepNodes, StoredTree } from './tree/stored-tree.ts'
import { verifyLogAndTree } from './verify-log.ts'

/** How long a full verification stands; between two, only what came since the last checkpoint is verified. */
const fullEveryMs = 3_600_000
/** How long a break stands before everything is verified again; until then nothing is signed. */
const brokenEveryMs = 300_000
/** How many checkpoints to look through for one to go on from; without one, the whole log is verified again. */
const recent = 100

/** What was verified, and the inner nodes of the tree that came out of it. */
type Verified = { report: VerifyReport; nodes: TreeNode[] }

/**
 * Verifies the log and, only if it holds, signs a checkpoint of its head into the database and into the file beside the
 * key. What it finds is written to the log itself: a break once and to whoever asks, a passed full verification each time.
 * `whole`: all of it, however short ago that was done.
 * @returns the report of what was verified; `sealed` tells how far the signature now reaches. Null while a break stands.
 */
export async function checkpoint({
  ctx,
  input,
}: Verb<{ keyFile: string; whole?: boolean }>): Promise<VerifyReport | null> {
  authorise(ctx, 'audit.seal')
  const privateKey = readAuditKey(input.keyFile)
  const publicKeys = [createPublicKey(privateKey)]
  const { checkpointFile } = besideKey(input.keyFile)
  const last = await lastFinding(ctx.db)
  const asked = await pendingAsk(ctx.db)
  const age = last ? ctx.clock.now().getTime() - last.at.getTime() : Number.POSITIVE_INFINITY
  const isBroken = last?.action === brokenAction
  const atOnce = input.whole === true || asked !== null
  if (isBroken && age < brokenEveryMs && !atOnce) return null
  const whole = isBroken || age >= fullEveryMs || atOnce
  const answers = asked?.seq ?? last?.answers ?? 0

  const verifyWhole = () => verifyLogAndTree({ ctx, input: { publicKeys, checkpointFile } })
  const { report, nodes } = whole ? await verifyWhole() : await verifyNew(ctx, publicKeys, verifyWhole)
  if (report.broken) {
    const { problem } = report.broken
    ctx.log.error({ seq: report.broken.seq, problem }, 'the audit log does not verify')
    if (last?.problem !== problem || asked) await record(ctx, brokenAction, { ...report.broken, answers })
    return report
  }
  if (whole)
    await record(ctx, verifiedAction, { entries: report.entries, headHash: report.headHash, answers })
  const { headHash, rootHash, entries: size } = report
  if (headHash === null || report.sealed === size) return report

  const at = ctx.clock.now().toISOString()
  const signed = signCheckpoint(privateKey, { size, headHash, rootHash, at })
  if (await keep(ctx, signed, nodes)) appendToCheckpointFile(checkpointFile, signed)
  return { ...report, sealed: size }
}

/** Writes the checkpoint with the nodes that came since the last one; false if another worker was first. */
async function keep(ctx: Context, signed: AuditCheckpointView, nodes: readonly TreeNode[]): Promise<boolean> {
  return transact(ctx, async (tx) => {
    await keepNodes(tx, nodes)
    const data = [{ ...signed, size: BigInt(signed.size) }]
    const made = await tx.auditCheckpoint.createMany({ data, skipDuplicates: true })
    return made.count === 1
  })
}

/**
 * From the newest checkpoint whose signature holds to the head. Everything, where there is none, where it has no tree, or
 * where the log or the stored tree ends otherwise than it says.
 */
async function verifyNew(
  ctx: Context,
  publicKeys: readonly KeyObject[],
  verifyWhole: () => Promise<Verified>,
): Promise<Verified> {
  const checkpoints = await newestCheckpoints(ctx.db, recent)
  const from = checkpoints.findLast((candidate) => !checkpointProblem(candidate, publicKeys))
  const head = await storedHead(ctx.db)
  if (!from || head.size < from.size || (head.size === from.size && head.headHash !== from.headHash)) {
    return verifyWhole()
  }
  const frontier = await frontierOf(ctx, from)
  if (!frontier) return verifyWhole()
  const nodes: TreeNode[] = []
  const report = await verifyChain({
    entries: storedEntries(ctx.db, from.size, head.size),
    checkpoints,
    publicKeys,
    from: { size: from.size, headHash: from.headHash, frontier },
    onNode: (node) => nodes.push(node),
  })
  return { report, nodes }
}

/** The right edge of the tree at a checkpoint; null if what is stored does not have its root. */
async function frontierOf(ctx: Context, from: AuditCheckpointView): Promise<TreeFrontier | null> {
  if (from.rootHash === null) return null
  try {
    const frontier = await new StoredTree(ctx.db).frontier(from.size)
    return frontier.root() === from.rootHash ? frontier : null
  } catch {
    return null
  }
}

async function record(ctx: Context, action: string, body: { [key: string]: string | number | null }) {
  await transact(ctx, (tx) => append(tx, ctx, { stage: 'audit', action, subject: 'log', body }))
}
