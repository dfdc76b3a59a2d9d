import { createPublicKey } from 'node:crypto'
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { readKept, verifyExport, verifyProof } from '../../public/verify-log.mjs'
import type { VerifyReport } from '../audit/contract.ts'
import {
  besideKey,
  exportLog,
  proveConsistency,
  proveInclusion,
  readAuditKey,
  readPublicKey,
  suspectLog,
  verifyLog,
} from '../audit/index.ts'
import { InvalidInputError } from '../kernel/errors.ts'
import type { Enter } from './enter.ts'

type VerifyOptions = {
  file?: string
  proof?: string
  publicKey?: string
  checkpoint?: string[]
  json?: boolean
}
type ProveOptions = { entry?: number; size?: number; from?: number; to?: number; out?: string }

/** Adds `infrasage audit verify`, `infrasage audit prove` and `infrasage audit export`. */
export function registerAuditCommands(program: Command, enter: Enter): void {
  const audit = program.command('audit').description('Verify the log, or export it to be verified elsewhere')
  audit
    .command('verify')
    .description('Recompute every link, checkpoint and signature; exit 0 only if all of it holds')
    .option('--file <export>', 'verify an exported file instead of the database; needs nothing else')
    .option('--proof <file>', 'verify a proof that `audit prove` wrote')
    .option('--public-key <file>', 'PEM of the key that must have signed the checkpoints')
    .option('--checkpoint <file...>', 'with --file or --proof: checkpoints kept earlier, files or folders')
    .option('--json', 'print the report as JSON')
    .action(async (options: VerifyOptions) => {
      if (options.proof) return verifyProofFile(options.proof, options)
      const report = options.file
        ? verifyExport(options.file, outsideOf(options))
        : await verifyDatabase(enter, options.publicKey)
      process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : describeReport(report, options))
      process.exitCode = report.ok ? 0 : 1
    })
  registerProve(audit, enter)
  audit
    .command('export')
    .description('Write the whole log, its checkpoints and the public key to one file of JSON lines')
    .requiredOption('--out <file>', 'the file to write; it appears whole or not at all')
    .action(async ({ out }: { out: string }) => {
      const lines = await exportToFile(enter, out)
      process.stdout.write(`${lines} lines written to ${out}\n`)
    })
}

function registerProve(audit: Command, enter: Enter): void {
  audit
    .command('prove')
    .description(
      'Prove that an entry is in the log, or that the log only grew; verified by `audit verify --proof`',
    )
    .option('--entry <seq>', 'this entry is part of the log', Number)
    .option(
      '--size <entries>',
      'with --entry: of the checkpoint of this size; the newest one without it',
      Number,
    )
    .option('--from <entries>', 'the log goes on from what its first entries were', Number)
    .option(
      '--to <entries>',
      'with --from: up to the checkpoint of this size; the newest one without it',
      Number,
    )
    .option('--out <file>', 'write the proof here instead of printing it')
    .action(async ({ entry, size, from, to, out }: ProveOptions) => {
      if ((entry === undefined) === (from === undefined)) {
        throw new InvalidInputError('Give --entry <seq> or --from <entries>.')
      }
      const proof = await enter<object>((ctx, keyFile) =>
        from === undefined
          ? proveInclusion({ ctx, input: { seq: entry ?? 0, size, keyFile } })
          : proveConsistency({ ctx, input: { from, to, keyFile } }),
      )
      const text = `${JSON.stringify(proof, null, 2)}\n`
      if (out) writeFileSync(out, text)
      else process.stdout.write(text)
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

/** What an offline check is held against. */
function outsideOf({ publicKey, checkpoint = [] }: VerifyOptions) {
  return {
    publicKeys: publicKey
      ? [readPublicKey(publicKey).export({ type: 'spki', format: 'pem' }).toString()]
      : [],
    kept: checkpoint.flatMap((place) => readKept(place)),
  }
}

function verifyProofFile(file: string, options: VerifyOptions): void {
  const report = verifyProof(JSON.parse(readFileSync(file, 'utf8')), outsideOf(options))
  const words = report.broken ? `BROKEN: ${report.broken.problem}` : `OK: ${report.says}.`
  process.stdout.write(`${options.json ? JSON.stringify(report) : words}\n`)
  process.exitCode = report.ok ? 0 : 1
}

async function verifyDatabase(enter: Enter, publicKey: string | undefined): Promise<VerifyReport> {
  return enter(async (ctx, keyFile) => {
    const { checkpointFile } = besideKey(keyFile)
    const key = publicKey ? readPublicKey(publicKey) : createPublicKey(readAuditKey(keyFile))
    const report = await verifyLog({ ctx, input: { publicKeys: [key], checkpointFile } })
    if (report.broken) await suspectLog(ctx, `the command line found: ${report.broken.problem}`)
    return report
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
