import type { z } from 'zod'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { InvalidInputError, ServiceError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { suspectLog } from './ask-verification.ts'
import { publicKeyPem, readAuditKey } from './audit-key.ts'
import {
  type AuditCheckpointView,
  type AuditEntryView,
  type ConsistencyProof,
  consistencyQuery,
  type InclusionProof,
  inclusionQuery,
} from './contract.ts'
import { linkHash } from './entry-problem.ts'
import { storedCheckpoint, storedEntry } from './stored-log.ts'
import { leafHash, nodeHash } from './tree/frontier.ts'
import { consistencyRanges, inclusionRanges, type LeafRange } from './tree/ranges.ts'
import { StoredTree } from './tree/stored-tree.ts'

type Keyed<Query extends z.ZodType> = Verb<z.input<Query> & { keyFile: string }>

/**
 * That one entry is part of the tree of a checkpoint: log₂ n hashes. It is handed out as it is; where it does not hold, all of the log
 * is verified at once.
 * @throws ServiceError (not_found) if there is no such entry, or no checkpoint over it yet
 */
export async function proveInclusion({ ctx, input }: Keyed<typeof inclusionQuery>): Promise<InclusionProof> {
  authorise(ctx, 'audit.read')
  const { seq, size } = parseInput(inclusionQuery, input, 'proof')
  const row = await ctx.db.auditEntry.findUnique({ where: { seq: BigInt(seq) } })
  if (!row) throw new ServiceError('not_found', `There is no entry ${seq} in the log.`)
  const checkpoint = await treeHead(ctx, size)
  if (checkpoint.size < seq) {
    throw new ServiceError(
      'not_found',
      `The checkpoint at entry ${checkpoint.size} does not reach entry ${seq}; the next one will, within seconds.`,
    )
  }
  const entry = storedEntry(row)
  const ranges = inclusionRanges(seq - 1, checkpoint.size)
  const path = await hashes(ctx, ranges)
  if (!leadsToRoot(entry, ranges, path, checkpoint)) {
    await suspectLog(ctx, `the proof of entry ${seq} does not hold`)
  }
  return {
    format: 'infrasage-audit-inclusion/1',
    publicKey: publicKeyPem(readAuditKey(input.keyFile)),
    checkpoint,
    entry,
    path,
  }
}

/**
 * That the log of a checkpoint goes on from what its first `from` entries were; any size may be asked for.
 * @throws ServiceError (not_found) if there is no such checkpoint; InvalidInputError if `from` lies beyond it
 */
export async function proveConsistency({
  ctx,
  input,
}: Keyed<typeof consistencyQuery>): Promise<ConsistencyProof> {
  authorise(ctx, 'audit.read')
  const { from, to } = parseInput(consistencyQuery, input, 'proof')
  const head = await treeHead(ctx, to)
  if (from > head.size) {
    const message = `lies beyond the checkpoint at entry ${head.size}`
    throw new InvalidInputError(`The proof is not valid: "from" ${message}.`, [
      { path: 'from', message, expected: `1 to ${head.size}` },
    ])
  }
  const kept = await ctx.db.auditCheckpoint.findUnique({ where: { size: BigInt(from) } })
  const root = await new StoredTree(ctx.db).frontier(from)
  if (kept?.rootHash && kept.rootHash !== root.root()) {
    await suspectLog(ctx, `the log of ${from} entries has another root than its checkpoint says`)
  }
  return {
    format: 'infrasage-audit-consistency/1',
    publicKey: publicKeyPem(readAuditKey(input.keyFile)),
    from: { size: from, rootHash: root.root(), checkpoint: kept ? storedCheckpoint(kept) : null },
    to: head,
    path: await hashes(ctx, consistencyRanges(from, head.size)),
  }
}

/** Whether the entry's text has its hash, and the path leads from that to the root that the checkpoint names. */
function leadsToRoot(
  entry: AuditEntryView,
  ranges: readonly LeafRange[],
  path: readonly string[],
  checkpoint: AuditCheckpointView,
): boolean {
  if (entry.hash !== linkHash(entry.prevHash, entry.seq, entry.canonical)) return false
  const root = ranges.reduce((node, [from], i) => {
    const sibling = Buffer.from(path[i] ?? '', 'hex')
    return from < entry.seq - 1 ? nodeHash(sibling, node) : nodeHash(node, sibling)
  }, leafHash(entry.hash))
  return root.toString('hex') === checkpoint.rootHash
}

async function hashes(ctx: Context, ranges: readonly LeafRange[]): Promise<string[]> {
  const tree = new StoredTree(ctx.db)
  const path = await Promise.all(ranges.map((range) => tree.rangeHash(range)))
  return path.map((hash) => hash.toString('hex'))
}

async function treeHead(ctx: Context, size: number | undefined): Promise<AuditCheckpointView> {
  const row = await ctx.db.auditCheckpoint.findFirst({
    where: { rootHash: { not: null }, size: size === undefined ? undefined : BigInt(size) },
    orderBy: { size: 'desc' },
  })
  if (row) return storedCheckpoint(row)
  const where = size === undefined ? 'yet' : `of ${size} entries`
  throw new ServiceError(
    'not_found',
    `There is no checkpoint with a tree ${where}; /api/v1/audit/checkpoints lists them.`,
  )
}
