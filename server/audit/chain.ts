import type { KeyObject } from 'node:crypto'
import { checkpointProblem } from './checkpoint-signature.ts'
import type { AuditCheckpointView, AuditEntryView, VerifyReport } from './contract.ts'
import { entryProblem, type LogPosition, logStart } from './entry-problem.ts'
import { leafHash, TreeFrontier, type TreeNode } from './tree/frontier.ts'

/** What to verify: entries in the order of the log, and checkpoints by growing size. Each is read once and not kept. */
export type ChainInput = {
  entries: AsyncIterable<AuditEntryView> | Iterable<AuditEntryView>
  checkpoints: AsyncIterable<AuditCheckpointView> | Iterable<AuditCheckpointView>
  publicKeys: readonly KeyObject[]
  /** Where to go on from, with the right edge of the tree there; all before it is taken as verified. */
  from?: LogPosition & { frontier: TreeFrontier }
  /** Hears of the inner nodes that the tree over the entries has at its kept levels. */
  onNode?: (node: TreeNode) => void
}

/**
 * Recomputes every link and the tree, holds every checkpoint against the entry and the root that it vouches for, and stops
 * at the first thing that does not hold. Checkpoints beyond the last entry show that the tail is gone.
 */
export async function verifyChain(input: ChainInput): Promise<VerifyReport> {
  const { frontier, ...start } = input.from ?? { ...logStart, frontier: new TreeFrontier() }
  const checkpoints = after(start.size, input.checkpoints)
  let next = await checkpoints.next()
  let head: LogPosition = start
  let held = 0
  let sealed = start.size
  const report = (broken: VerifyReport['broken']): VerifyReport => ({
    ok: broken === null,
    entries: head.size,
    checkpoints: held,
    sealed,
    headHash: head.size === 0 ? null : head.headHash,
    rootHash: head.size === 0 ? null : frontier.root(),
    broken,
  })

  for await (const entry of input.entries) {
    const problem = entryProblem(head, entry)
    if (problem) return report({ seq: Math.min(entry.seq, head.size + 1), problem })
    head = { size: entry.seq, headHash: entry.hash }
    frontier.add(leafHash(entry.hash), input.onNode)
    for (; !next.done && next.value.size === head.size; next = await checkpoints.next()) {
      const wrong = checkpointProblem(next.value, input.publicKeys) ?? mismatch(next.value, head, frontier)
      if (wrong) return report({ seq: head.size, problem: wrong })
      held += 1
      sealed = head.size
    }
  }

  if (next.done) return report(null)
  const beyond = next.value
  const forged = checkpointProblem(beyond, input.publicKeys)
  if (forged) return report({ seq: beyond.size, problem: forged })
  return report({ seq: head.size + 1, problem: cutTail(head.size, beyond) })
}

/** That a log ends before what a checkpoint vouches for, in words. */
export function cutTail(size: number, beyond: AuditCheckpointView): string {
  return `the log ends at entry ${size}, but the checkpoint of ${beyond.at} vouches for ${beyond.size}: the tail was cut`
}

/** That an entry is not the one that a checkpoint vouches for, in words. */
export function rewrittenLog(checkpoint: AuditCheckpointView): string {
  return `entry ${checkpoint.size} is not the one that the checkpoint of ${checkpoint.at} vouches for: the log was rewritten`
}

async function* after(
  size: number,
  checkpoints: ChainInput['checkpoints'],
): AsyncGenerator<AuditCheckpointView, undefined> {
  for await (const checkpoint of checkpoints) if (checkpoint.size > size) yield checkpoint
}

function mismatch(checkpoint: AuditCheckpointView, head: LogPosition, tree: TreeFrontier): string | null {
  if (checkpoint.headHash !== head.headHash) return rewrittenLog(checkpoint)
  if (checkpoint.rootHash === null || checkpoint.rootHash === tree.root()) return null
  return `the tree over the first ${head.size} entries has another root than the checkpoint of ${checkpoint.at} vouches for`
}
