import { createPublicKey } from 'node:crypto'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { besideKey, publicKeyPem, readAuditKey } from './audit-key.ts'
import { onlyInFile } from './checkpoint-file.ts'
import { keyIdOf } from './checkpoint-signature.ts'
import type { AuditCheckpointView } from './contract.ts'
import { newestCheckpoints, storedCheckpoints, storedEntries, storedHead } from './stored-log.ts'

export const exportFormat = 'infrasage-audit-export/2'

/**
 * The whole log as JSON lines, with all that an offline check needs: a header with the public key, the entries in order,
 * each checkpoint behind the entry that it vouches for, and an end line, so that a file cut short is noticed. Streams;
 * holds one batch in memory.
 */
export function exportLog({ ctx, input }: Verb<{ keyFile: string }>): AsyncGenerator<string> {
  authorise(ctx, 'audit.export')
  return exportLines(ctx, input.keyFile)
}

async function* exportLines(ctx: Context, keyFile: string): AsyncGenerator<string> {
  const privateKey = readAuditKey(keyFile)
  const lost = await lostCheckpoints(ctx, besideKey(keyFile).checkpointFile)
  const [newest] = await newestCheckpoints(ctx.db, 1)
  const head = await storedHead(ctx.db)
  const checkpoints = storedCheckpoints(ctx.db, newest?.size ?? 0)
  let next = await checkpoints.next()
  let count = 0
  /** Those up to a size: of the database, and those that it should hold. */
  const upTo = async function* (size: number): AsyncGenerator<string> {
    for (let first = lost[0]; first && first.size <= size; first = lost[0]) {
      lost.shift()
      count += 1
      yield line({ type: 'checkpoint', ...first })
    }
    for (; !next.done && next.value.size <= size; next = await checkpoints.next()) {
      count += 1
      yield line({ type: 'checkpoint', ...next.value })
    }
  }
  yield line({
    type: 'header',
    format: exportFormat,
    exportedAt: ctx.clock.now().toISOString(),
    keyId: keyIdOf(createPublicKey(privateKey)),
    publicKey: publicKeyPem(privateKey),
  })
  let entries = 0
  for await (const entry of storedEntries(ctx.db, null, head.size)) {
    entries += 1
    yield line({ type: 'entry', ...entry })
    yield* upTo(entry.seq)
  }
  yield* upTo(Number.POSITIVE_INFINITY)
  yield line({ type: 'end', entries, checkpoints: count, headHash: head.headHash })
}

async function lostCheckpoints(ctx: Context, file: string): Promise<AuditCheckpointView[]> {
  const lost: AuditCheckpointView[] = []
  for await (const line of onlyInFile(ctx.db, file)) if ('checkpoint' in line) lost.push(line.checkpoint)
  return lost.sort((a, b) => a.size - b.size)
}

function line(value: Record<string, unknown>): string {
  return `${JSON.stringify(value)}\n`
}
