import type { KeyObject } from 'node:crypto'
import { authorise, type Verb } from '../kernel/context.ts'
import { verifyChain } from './chain.ts'
import { readCheckpointFile } from './checkpoint-file.ts'
import type { AuditCheckpointView, VerifyReport } from './contract.ts'
import { storedCheckpoints, storedEntries, storedHead } from './stored-log.ts'

export type VerifyLogInput = {
  publicKeys: readonly KeyObject[]
  /** Checkpoints kept outside the database; without them, a cut that also removes the stored checkpoints goes unseen. */
  checkpointFile: string | null
}

/** Verifies the whole log in the database, from the first entry to the last, against every checkpoint of both places. */
export async function verifyLog({ ctx, input }: Verb<VerifyLogInput>): Promise<VerifyReport> {
  authorise(ctx, 'audit.read')
  const { checkpoints: outside, problem: altered } = input.checkpointFile
    ? readCheckpointFile(input.checkpointFile)
    : { checkpoints: [], problem: null }
  const stored = await storedCheckpoints(ctx.db)
  const { size } = await storedHead(ctx.db)
  const report = await verifyChain({
    entries: storedEntries(ctx.db, null, size),
    checkpoints: mergeCheckpoints(stored, outside),
    publicKeys: input.publicKeys,
  })
  if (!report.ok) return report
  if (altered) return { ...report, ok: false, broken: { seq: null, problem: altered } }
  const kept = new Set(stored.map(identity))
  const lost = outside.find((checkpoint) => !kept.has(identity(checkpoint)))
  if (!lost) return report
  const problem = `the checkpoint of ${lost.at} at entry ${lost.size} is kept outside, but gone from the database`
  return { ...report, ok: false, broken: { seq: lost.size, problem } }
}

/** Both lists as one, each checkpoint once; two that differ in anything are two. */
export function mergeCheckpoints(
  a: readonly AuditCheckpointView[],
  b: readonly AuditCheckpointView[],
): AuditCheckpointView[] {
  const merged = new Map([...a, ...b].map((checkpoint) => [identity(checkpoint), checkpoint]))
  return [...merged.values()].sort((x, y) => x.size - y.size)
}

function identity({ size, headHash, at, keyId, signature }: AuditCheckpointView): string {
  return JSON.stringify([size, headHash, at, keyId, signature])
}
