import { createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { verifyChain } from './chain.ts'
import { checkpointShape } from './checkpoint-file.ts'
import type { AuditEntryView, VerifyReport } from './contract.ts'
import { exportFormat } from './export-log.ts'

const exportLine = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('header'),
    format: z.literal(exportFormat),
    exportedAt: z.string(),
    keyId: z.string(),
    publicKey: z.string(),
  }),
  checkpointShape.extend({ type: z.literal('checkpoint') }),
  z.strictObject({
    type: z.literal('entry'),
    seq: z.number().int(),
    at: z.string(),
    stage: z.string(),
    action: z.string(),
    subject: z.string(),
    canonical: z.string(),
    prevHash: z.string(),
    hash: z.string(),
  }),
  z.strictObject({
    type: z.literal('end'),
    entries: z.number(),
    checkpoints: z.number(),
    headHash: z.string(),
  }),
])
type ExportLine = z.infer<typeof exportLine>

class UnreadableExport extends Error {}

/**
 * Verifies an export with nothing but its lines. `publicKeys` empty: the key inside the export is used, which shows
 * that the file is whole and consistent, but not who signed it.
 */
export async function verifyExport(
  lines: AsyncIterable<string>,
  publicKeys: readonly KeyObject[],
): Promise<VerifyReport> {
  const reader = new ExportReader(lines)
  try {
    const { key, checkpoints } = await reader.head()
    const keys = publicKeys.length ? publicKeys : [key]
    const report = await verifyChain({ entries: reader.entries(), checkpoints, publicKeys: keys })
    if (!report.ok) return report
    const { end } = reader
    if (end && end.entries === report.entries && end.checkpoints === report.checkpoints) return report
    return broken(report, 'the end line of the export does not match what is in it')
  } catch (error) {
    if (!(error instanceof UnreadableExport)) throw error
    return broken(null, error.message)
  }
}

/** Reads the lines once, in the order in which they were written. */
class ExportReader {
  readonly #lines: AsyncIterator<string>
  #number = 0
  #first: AuditEntryView | null = null
  end: Extract<ExportLine, { type: 'end' }> | null = null

  constructor(lines: AsyncIterable<string>) {
    this.#lines = lines[Symbol.asyncIterator]()
  }

  async head() {
    const header = await this.#next()
    if (header?.type !== 'header')
      throw new UnreadableExport('line 1 should be the header of an audit export')
    const checkpoints: z.infer<typeof checkpointShape>[] = []
    for (;;) {
      const line = await this.#next()
      if (line?.type === 'checkpoint') {
        const { type: _, ...checkpoint } = line
        checkpoints.push(checkpoint)
        continue
      }
      if (line?.type === 'entry') this.#first = line
      if (line?.type === 'end') this.end = line
      return { key: publicKeyOf(header.publicKey), checkpoints }
    }
  }

  async *entries(): AsyncGenerator<AuditEntryView> {
    if (this.#first) yield this.#first
    while (!this.end) {
      const line = await this.#next()
      if (!line) throw new UnreadableExport('the export has no end line: it was cut short')
      if (line.type === 'end') this.end = line
      else if (line.type === 'entry') yield line
      else throw new UnreadableExport(`line ${this.#number} is a ${line.type} where an entry belongs`)
    }
    if (await this.#next()) throw new UnreadableExport(`line ${this.#number} comes after the end line`)
  }

  async #next(): Promise<ExportLine | null> {
    const { value, done } = await this.#lines.next()
    if (done) return null
    this.#number += 1
    try {
      return exportLine.parse(JSON.parse(value))
    } catch {
      throw new UnreadableExport(`line ${this.#number} is not a line of an audit export`)
    }
  }
}

function publicKeyOf(pem: string): KeyObject {
  try {
    return createPublicKey(pem)
  } catch {
    throw new UnreadableExport('the public key in line 1 cannot be read')
  }
}

function broken(report: VerifyReport | null, problem: string): VerifyReport {
  const nothing = { entries: 0, checkpoints: 0, sealed: 0, headHash: null }
  return { ...(report ?? nothing), ok: false, broken: { seq: null, problem } }
}
