import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { verifyExport } from '../../../public/verify-log.mjs'
import { createDb } from '../../kernel/db.ts'
import { transact } from '../../kernel/transact.ts'
import { testContext } from '../../runtime/testing/context.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import {
  append,
  besideKey,
  checkpoint,
  ensureAuditKey,
  exportLog,
  listEntries,
  proveConsistency,
  proveInclusion,
  readPublicKey,
  verifyLog,
} from '../index.ts'
import { dropSearchIndices, fillLog, idOf, madeUpLog, makeSearchIndices } from './fill-log.ts'

/** Measures the log at length: `npm run bench:audit -- [entries]`, a million without it. */

const count = Number(process.argv[2] ?? 1_000_000)
const entry = { stage: 'audit', action: 'test', subject: 'x', body: null } as const

async function measured<T>(what: string, work: () => Promise<T> | T): Promise<T> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  const result = await work()
  const { user, system } = process.cpuUsage(cpu)
  const seconds = (ms: number) => (ms / 1_000).toFixed(2)
  const peak = Math.round(process.memoryUsage().rss / 1_048_576)
  process.stdout.write(
    `| ${what} | ${seconds(performance.now() - started)} | ${seconds((user + system) / 1_000)} | ${peak} |\n`,
  )
  return result
}

/** What a reader of the log asks for, from what is everywhere to what is nowhere. */
const searches: [what: string, query: Parameters<typeof listEntries>[0]['input']][] = [
  ['everything', {}],
  ['everything, from the middle on', { beforeSeq: count >> 1 }],
  ['one person', { actor: 'ada@example.com' }],
  ['one action', { stage: 'governance', action: 'proposal.reject' }],
  ['one workload', { workloadId: idOf('chat-llm') }],
  [
    'one workload, one person, one word',
    { workloadId: idOf('chat-llm'), actor: 'ada@example.com', text: 'launch' },
  ],
  ['a word of every fifth', { text: 'friday' }],
  ['a number that four have', { text: `${count >> 3}` }],
  ['a word that none has', { text: 'zeppelin' }],
  ['one decision', { subject: `decision/${idOf('decision 77')}` }],
  [
    'one word within a day',
    {
      text: 'night',
      from: new Date(Date.UTC(2026, 2, 3)).toISOString(),
      to: new Date(Date.UTC(2026, 2, 4)).toISOString(),
    },
  ],
]
const folder = mkdtempSync(path.join(tmpdir(), 'infrasage-bench-audit-'))
const keyFile = path.join(folder, 'audit.pem')
const file = path.join(folder, 'export.jsonl')
ensureAuditKey(keyFile)
const { publicKeyFile, checkpointFile } = besideKey(keyFile)

try {
  await withThrowawayDatabase(async (appUrl, { ownerUrl }) => {
    const ctx = testContext({ db: createDb(appUrl) })
    await dropSearchIndices(ownerUrl)
    await fillLog(ownerUrl, madeUpLog(count, 1))
    process.stdout.write(
      `${count} entries\n| what | seconds | CPU seconds of Node | resident MiB |\n| --- | --- | --- | --- |\n`,
    )
    const seal = () => checkpoint({ ctx, input: { keyFile } })
    await measured('first head: the whole log verified, its tree made', seal)
    await measured('a new head after one entry', seal)
    await measured('the same again, warm', async () => {
      await transact(ctx, (tx) => append(tx, ctx, entry))
      await seal()
    })
    await measured('whole verification in the server', async () => {
      const report = await verifyLog({
        ctx,
        input: { publicKeys: [readPublicKey(publicKeyFile)], checkpointFile },
      })
      if (!report.ok) throw new Error(report.broken?.problem)
    })
    await measured('inclusion proof', () => proveInclusion({ ctx, input: { seq: count >> 1, keyFile } }))
    await measured('consistency proof', () => proveConsistency({ ctx, input: { from: count >> 2, keyFile } }))
    await measured('search indices made', () => makeSearchIndices(ownerUrl))
    for (const [what, query] of searches) {
      await listEntries({ ctx, input: query })
      await measured(`200 entries of: ${what}`, () => listEntries({ ctx, input: { ...query, limit: 200 } }))
    }
    await measured('export', () => pipeline(exportLog({ ctx, input: { keyFile } }), createWriteStream(file)))
    await ctx.db.$disconnect()
  }, false)
  process.stdout.write(`export of ${Math.round(statSync(file).size / 1_048_576)} MiB\n`)
  await measured('stand-alone verifier, all of the export', () => {
    const report = verifyExport(file)
    if (!report.ok) throw new Error(report.broken?.problem)
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
