import { createPublicKey } from 'node:crypto'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { besideKey, publicKeyPem, readAuditKey } from './audit-key.ts'
import { readCheckpointFile } from './checkpoint-file.ts'
import { keyIdOf } from './checkpoint-signature.ts'
import { storedCheckpoints, storedEntries, storedHead } from './stored-log.ts'
import { mergeCheckpoints } from './verify-log.ts'

export const exportFormat = 'infrasage-audit-export/1'

/**
 * The whole log as JSON lines, with all that an offline check needs: a header with the public key, the checkpoints,
 * the entries in order, and an end line, so that a file cut short is noticed. Streams; holds one batch in memory.
 */
export function exportLog({ ctx, input }: Verb<{ keyFile: string }>): AsyncGenerator<string> {
  authorise(ctx, 'audit.export')
  return exportLines(ctx, input.keyFile)
}

async function* exportLines(ctx: Context, keyFile: string): AsyncGenerator<string> {
  const privateKey = readAuditKey(keyFile)
  const { checkpoints: outside } = readCheckpointFile(besideKey(keyFile).checkpointFile)
  const checkpoints = mergeCheckpoints(await storedCheckpoints(ctx.db), outside)
  const head = await storedHead(ctx.db)
  yield line({
    type: 'header',
    format: exportFormat,
    exportedAt: ctx.clock.now().toISOString(),
    keyId: keyIdOf(createPublicKey(privateKey)),
    publicKey: publicKeyPem(privateKey),
  })
  for (const checkpoint of checkpoints) yield line({ type: 'checkpoint', ...checkpoint })
  for await (const entry of storedEntries(ctx.db, null, head.size)) yield line({ type: 'entry', ...entry })
  yield line({ type: 'end', entries: head.size, checkpoints: checkpoints.length, headHash: head.headHash })
}

function line(value: Record<string, unknown>): string {
  return `${JSON.stringify(value)}\n`
}
