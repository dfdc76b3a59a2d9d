import type { z } from 'zod'
import { authorise, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { type AuditCheckpointView, checkpointQuery } from './contract.ts'
import { storedCheckpoint } from './stored-log.ts'

/** Signed checkpoints, the newest first. `nextBeforeSize`: give it as `beforeSize` for the page after; null on the last one. */
export async function listCheckpoints({ ctx, input }: Verb<z.input<typeof checkpointQuery>>): Promise<{
  checkpoints: AuditCheckpointView[]
  nextBeforeSize: number | null
}> {
  authorise(ctx, 'audit.read')
  const { beforeSize, limit } = parseInput(checkpointQuery, input, 'query')
  const rows = await ctx.db.auditCheckpoint.findMany({
    where: { size: beforeSize === undefined ? undefined : { lt: BigInt(beforeSize) } },
    orderBy: { size: 'desc' },
    take: limit + 1,
  })
  const checkpoints = rows.slice(0, limit).map(storedCheckpoint)
  return { checkpoints, nextBeforeSize: rows.length > limit ? (checkpoints.at(-1)?.size ?? null) : null }
}
