import type { KeyObject } from 'node:crypto'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { cutTail, rewrittenLog, verifyChain } from './chain.ts'
import { onlyInFile } from './checkpoint-file.ts'
import { checkpointProblem } from './checkpoint-signature.ts'
import type { AuditCheckpointView, VerifyReport } from './contract.ts'
import { newestCheckpoints, storedCheckpoints, storedEntries, storedHead } from './stored-log.ts'
import type { TreeNode } from './tree/frontier.ts'
import { nodeProblem } from './tree/stored-tree.ts'

export type VerifyLogInput = {
  publicKeys: readonly KeyObject[]
  /** Checkpoints kept outside the database; without them, a cut that also removes the stored checkpoints goes unseen. */
  checkpointFile: string | null
}

/** Verifies the whole log in the database, from the first entry to the last, against every checkpoint of both places. */
export async function verifyLog({ ctx, input }: Verb<VerifyLogInput>): Promise<VerifyReport> {
  return (await verifyLogAndTree({ ctx, input })).report
}

/** As `verifyLog`; `nodes`: the inner nodes of the tree that the entries give, to be kept. */
export async function verifyLogAndTree({
  ctx,
  input,
}: Verb<VerifyLogInput>): Promise<{ report: VerifyReport; nodes: TreeNode[] }> {
  authorise(ctx, 'audit.read')
  const nodes: TreeNode[] = []
  const [newest] = await newestCheckpoints(ctx.db, 1)
  const { size } = await storedHead(ctx.db)
  const report = await verifyChain({
    entries: storedEntries(ctx.db, null, size),
    checkpoints: storedCheckpoints(ctx.db, newest?.size ?? 0),
    publicKeys: input.publicKeys,
    onNode: (node) => nodes.push(node),
  })
  const broken = report.broken ?? (await outsideProblem(ctx, input, report.entries))
  if (broken) return { report: { ...report, ok: false, broken }, nodes }
  const altered = await nodeProblem(ctx.db, nodes, size)
  return {
    report: altered ? { ...report, ok: false, broken: { seq: null, problem: altered } } : report,
    nodes,
  }
}

/** What the checkpoints outside know better than the database, whose own hold. */
async function outsideProblem(
  ctx: Context,
  input: VerifyLogInput,
  size: number,
): Promise<VerifyReport['broken']> {
  if (!input.checkpointFile) return null
  for await (const line of onlyInFile(ctx.db, input.checkpointFile)) {
    if ('problem' in line) return { seq: null, problem: line.problem }
    return lostCheckpoint(ctx, line.checkpoint, input.publicKeys, size)
  }
  return null
}

async function lostCheckpoint(
  ctx: Context,
  lost: AuditCheckpointView,
  publicKeys: readonly KeyObject[],
  size: number,
): Promise<VerifyReport['broken']> {
  const forged = checkpointProblem(lost, publicKeys)
  if (forged) return { seq: lost.size, problem: forged }
  const entry = await ctx.db.auditEntry.findUnique({
    where: { seq: BigInt(lost.size) },
    select: { hash: true },
  })
  if (!entry) return { seq: size + 1, problem: cutTail(size, lost) }
  if (entry.hash !== lost.headHash) return { seq: lost.size, problem: rewrittenLog(lost) }
  const problem = `the checkpoint of ${lost.at} at entry ${lost.size} is kept outside, but gone from the database`
  return { seq: lost.size, problem }
}
