import { createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import type { VerifyReport } from '../audit/contract.ts'
import { besideKey, exportLog, readAuditKey, readPublicKey, verifyExport, verifyLog } from '../audit/index.ts'
import type { Enter } from './enter.ts'

type VerifyOptions = { file?: string; publicKey?: string; json?: boolean }

/** Adds `infrasage audit verify` and `infrasage audit export`. */
export function registerAuditCommands(program: Command, enter: Enter): void {
  const audit = program.command('audit').description('Verify the log, or export it to be verified elsewhere')
  audit
    .command('verify')
    .description('Recompute every link, checkpoint and signature; exit 0 only if all of it holds')
    .option('--file <export>', 'verify an exported file instead of the database; needs nothing else')
    .option('--public-key <file>', 'PEM of the key that must have signed the checkpoints')
    .option('--json', 'print the report as JSON')
    .action(async (options: VerifyOptions) => {
      const report = options.file
        ? await verifyFile(options.file, options.publicKey)
        : await verifyDatabase(enter, options.publicKey)
      process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : describeReport(report, options))
      process.exitCode = report.ok ? 0 : 1
    })
  audit
    .command('export')
    .description('Write the whole log, its checkpoints and the public key to one file of JSON lines')
    .requiredOption('--out <file>', 'the file to write; it appears whole or not at all')
    .action(async ({ out }: { out: string }) => {
      const lines = await exportToFile(enter, out)
      process.stdout.write(`${lines} lines written to ${out}\n`)
    })
}

/** The report in words, ending in a line break. */
export function describeReport(report: VerifyReport, options: VerifyOptions): string {
  if (report.broken) {
    const where = report.broken.seq === null ? '' : ` at entry ${report.broken.seq}`
    return `BROKEN${where}: ${report.broken.problem}\n${report.entries} entries before it hold.\n`
  }
  const lines = [
    `OK: ${report.entries} entries, every link holds; ${report.checkpoints} checkpoints, every signature holds.`,
  ]
  const open = report.entries - report.sealed
  if (open > 0) lines.push(`The last ${open} are chained, but no checkpoint vouches for them yet.`)
  if (options.file && !options.publicKey) {
    lines.push(
      'The signatures were checked with the key inside the file; give --public-key to check who signed.',
    )
  }
  return `${lines.join('\n')}\n`
}

async function verifyFile(file: string, publicKey: string | undefined): Promise<VerifyReport> {
  const stream = createReadStream(file, 'utf8')
  await once(stream, 'open')
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
  return verifyExport(lines, publicKey ? [readPublicKey(publicKey)] : [])
}

async function verifyDatabase(enter: Enter, publicKey: string | undefined): Promise<VerifyReport> {
  return enter((ctx, keyFile) => {
    const { checkpointFile } = besideKey(keyFile)
    const key = publicKey ? readPublicKey(publicKey) : createPublicKey(readAuditKey(keyFile))
    return verifyLog({ ctx, input: { publicKeys: [key], checkpointFile } })
  })
}

async function exportToFile(enter: Enter, out: string): Promise<number> {
  const temporary = `${out}.partial`
  return enter(async (ctx, keyFile) => {
    try {
      let lines = 0
      const counted = async function* () {
        for await (const line of exportLog({ ctx, input: { keyFile } })) {
          lines += 1
          yield line
        }
      }
      await pipeline(counted, createWriteStream(temporary))
      await rename(temporary, out)
      return lines
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  })
}
