import { append, sealedWitnessConfig } from '../audit/index.ts'
import { sealedSecondFactor } from '../auth/index.ts'
import { sealedConfig } from '../dispatch/index.ts'
import { sealedForecasterSecret } from '../forecast/index.ts'
import { sealedEngineToken } from '../governance/index.ts'
import { authorise, type Context } from '../kernel/context.ts'
import { Prisma, type Tx } from '../kernel/db.ts'
import {
  encryptionKeys,
  type KeyRing,
  type SealedColumn,
  seal,
  sealedPrefix,
  unseal,
} from '../kernel/secretbox.ts'
import { transact } from '../kernel/transact.ts'
import { sealedChannelConfig } from '../notify/index.ts'

/** Every column of sealed values. */
export const sealedColumns: readonly SealedColumn[] = [
  sealedWitnessConfig,
  sealedConfig,
  sealedForecasterSecret,
  sealedEngineToken,
  sealedChannelConfig,
  sealedSecondFactor,
]

/** Of one column: what is sealed by the present key now, what was sealed anew, and the rows that no key opens. */
export type Resealed = { table: string; current: number; resealed: number; unopened: string[] }

const batchSize = 100

/**
 * Seals everything anew that another key than the present one sealed, in batches that are kept one by one: broken off, it goes on
 * where it was. Each batch has its entry in the log. What no key opens is left as it is, and named.
 */
export async function reseal(ctx: Context, keys: KeyRing = encryptionKeys()): Promise<Resealed[]> {
  authorise(ctx, 'secrets.reseal')
  const results: Resealed[] = []
  for (const sealed of sealedColumns) {
    const result: Resealed = { table: sealed.table, current: 0, resealed: 0, unopened: [] }
    let after: string | null = ''
    while (after !== null) after = await resealBatch(ctx, sealed, keys, after, result)
    result.current = await countCurrent(ctx, sealed, keys)
    results.push(result)
  }
  return results
}

/** @returns the last row that was looked at, or null at the end */
function resealBatch(
  ctx: Context,
  sealed: SealedColumn,
  keys: KeyRing,
  after: string,
  result: Resealed,
): Promise<string | null> {
  const { table, ownerOf } = sealed
  return transact(ctx, async (tx) => {
    const rows = await staleRows(tx, sealed, keys, after)
    const unopened: string[] = []
    for (const { id, value } of rows) {
      const plain = tryOpen(value, ownerOf(id), keys)
      if (plain === null) unopened.push(id)
      else await store(tx, sealed, id, seal(plain, ownerOf(id), keys))
    }
    const count = rows.length - unopened.length
    if (count > 0) {
      const body = { table, rows: count, key: keys.sealing.id, unopened }
      await append(tx, ctx, { stage: 'auth', action: 'secrets.resealed', subject: `secrets/${table}`, body })
    }
    return { rows, count, unopened }
  }).then(({ rows, count, unopened }) => {
    result.resealed += count
    result.unopened.push(...unopened)
    return rows.length < batchSize ? null : (rows.at(-1)?.id ?? null)
  })
}

function tryOpen(value: string, owner: string, keys: KeyRing): string | null {
  try {
    return unseal(value, owner, keys)
  } catch {
    return null
  }
}

/** Names of tables and columns come from the list above and from nowhere else. */
const name = (word: string) => Prisma.raw(`"${word}"`)

function staleRows(
  tx: Tx,
  { table, id, column }: SealedColumn,
  keys: KeyRing,
  after: string,
): Promise<{ id: string; value: string }[]> {
  return tx.$queryRaw`
    SELECT ${name(id)}::text AS id, ${name(column)} AS value FROM ${name(table)}
    WHERE ${name(column)} NOT LIKE ${`${sealedPrefix(keys)}%`} AND ${name(id)}::text > ${after}
    ORDER BY ${name(id)}::text LIMIT ${batchSize} FOR UPDATE`
}

async function store(tx: Tx, { table, id, column }: SealedColumn, row: string, value: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE ${name(table)} SET ${name(column)} = ${value} WHERE ${name(id)}::text = ${row}`
}

async function countCurrent(
  { db }: Context,
  { table, column }: SealedColumn,
  keys: KeyRing,
): Promise<number> {
  const rows = await db.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) AS count FROM ${name(table)} WHERE ${name(column)} LIKE ${`${sealedPrefix(keys)}%`}`
  return Number(rows[0]?.count ?? 0)
}
