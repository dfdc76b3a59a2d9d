import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { type KeptCheckpoint, readKept, verifyExport } from '../../../public/verify-log.mjs'
import type { Clock } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { seededRandom } from '../../kernel/rng.ts'
import { besideKey, checkpoint, ensureAuditKey, exportLog, readPublicKey, verifyLog } from '../index.ts'
import { type Attack, drawAttack } from './attacks.ts'
import { fillLog, madeUpLog } from './fill-log.ts'

const tables = ['AuditEntry', 'AuditCheckpoint', 'AuditNode'] as const

/** What the server's verification and the stand-alone verifier named, each null where it found nothing. */
export type Found = { attack: Attack; server: string | null; serverSeq: number | null; alone: string | null }

type Installation = { ctx: Context & { clock: Clock }; ownerUrl: string; superuserUrl: string; size: number }

/**
 * Attacks a sealed log as superuser, again and again from the same state, and has it verified after each: in the server, and
 * from an export with nothing but one checkpoint that an auditor kept. Yields what was found.
 */
export async function* attackLog(
  { ctx, ownerUrl, superuserUrl, size }: Installation,
  attacks: number,
  seed: number,
): AsyncGenerator<Found> {
  const folder = mkdtempSync(path.join(tmpdir(), 'infrasage-tamper-'))
  const client = new Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    const auditor = await sealed(ctx, ownerUrl, folder, size)
    // No constraint and no trigger stands in the way of a superuser.
    await client.query('SET session_replication_role = replica; DROP INDEX "AuditEntry_hash_key"')
    for (const table of tables) await client.query(`CREATE TABLE "kept${table}" AS TABLE "${table}"`)
    const random = seededRandom(seed)
    for (let count = 0; count < attacks; count++) {
      const attack = drawAttack(size, random)
      for (const sql of attack.sql) await client.query(sql)
      yield { attack, ...(await verified(ctx, folder, auditor)) }
      for (const table of tables) {
        await client.query(`DELETE FROM "${table}"; INSERT INTO "${table}" SELECT * FROM "kept${table}"`)
      }
    }
    const { server, alone } = await verified(ctx, folder, auditor)
    if (server || alone) throw new Error(`the log that was put back does not verify: ${server ?? alone}`)
  } finally {
    await client.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Fills and seals a log; returns what an auditor takes away. The key stands a second time, without the checkpoints beside it. */
async function sealed(
  ctx: Context,
  ownerUrl: string,
  folder: string,
  size: number,
): Promise<{ publicKeys: string[]; kept: KeptCheckpoint[] }> {
  const keyFile = path.join(folder, 'audit.pem')
  ensureAuditKey(keyFile)
  await fillLog(ownerUrl, madeUpLog(size, 2))
  await checkpoint({ ctx, input: { keyFile } })
  const { publicKeyFile, checkpointFile } = besideKey(keyFile)
  const alone = path.join(folder, 'alone.pem')
  copyFileSync(keyFile, alone)
  copyFileSync(publicKeyFile, besideKey(alone).publicKeyFile)
  return { publicKeys: [readFileSync(publicKeyFile, 'utf8')], kept: readKept(checkpointFile) }
}

async function verified(
  ctx: Context,
  folder: string,
  auditor: { publicKeys: string[]; kept: KeptCheckpoint[] },
): Promise<Omit<Found, 'attack'>> {
  const { publicKeyFile, checkpointFile } = besideKey(path.join(folder, 'audit.pem'))
  const input = { publicKeys: [readPublicKey(publicKeyFile)], checkpointFile }
  const { broken } = await verifyLog({ ctx, input })
  const lines: string[] = []
  for await (const line of exportLog({ ctx, input: { keyFile: path.join(folder, 'alone.pem') } }))
    lines.push(line)
  const file = path.join(folder, 'export.jsonl')
  writeFileSync(file, lines.join(''))
  const alone = verifyExport(file, auditor)
  return {
    server: broken?.problem ?? null,
    serverSeq: broken?.seq ?? null,
    alone: alone.broken?.problem ?? null,
  }
}
