import { z } from 'zod'
import { Prisma, type Tx } from '../../kernel/db.ts'
import type { PolicyEngine } from '../../kernel/generated/client.ts'
import { type AsJson, type Reading, read, reading } from '../../kernel/reading.ts'
import { type SealedColumn, seal, unseal } from '../../kernel/secretbox.ts'
import { engineStays, lockInOrder } from '../locks.ts'
import { type EngineEnforcement, engineEnforcements } from './contract.ts'
import type { EngineAccess } from './engine.ts'

export type EngineInForce = {
  version: number
  url: string
  encryptedToken: string | null
  timeoutMs: number
  enforcement: EngineEnforcement
}

/** There is one engine: its row, whatever it says. */
export const engineId = 1
/** Bound to what it is, so that another secret of the database cannot be put in its place. */
export const sealedEngineToken: SealedColumn = {
  ...{ table: 'PolicyEngine', id: 'id', column: 'encryptedToken' },
  ownerOf: (id) => `policy-engine/${id}`,
}
const owner = sealedEngineToken.ownerOf(String(engineId))

export async function engineRow(tx: Tx): Promise<PolicyEngine | null> {
  return tx.policyEngine.findUnique({ where: { id: engineId } })
}

/** The engine that is asked; null where none is. Stays the same under `engineStays`. */
export const engineAsked: Reading<EngineInForce | null> = reading(
  Prisma.sql`SELECT to_json(e) FROM "PolicyEngine" e WHERE e."id" = ${engineId}`,
  (row: AsJson<PolicyEngine> | null) => {
    if (row === null || row.url === null) return null
    const { version, url, encryptedToken, timeoutMs } = row
    const enforcement = z.enum(engineEnforcements).parse(row.enforcement)
    return { version, url, encryptedToken, timeoutMs, enforcement }
  },
)

export async function engineInForce(tx: Tx): Promise<EngineInForce | null> {
  return read(tx, engineAsked)
}

/** The same, held until the transaction ends. */
export async function heldEngine(tx: Tx): Promise<EngineInForce | null> {
  await lockInOrder(tx, [engineStays])
  return engineInForce(tx)
}

export const sealToken = (token: string): string => seal(token, owner)

/** @throws Error when the token does not open */
export function accessOf({ url, encryptedToken, timeoutMs }: EngineInForce): EngineAccess {
  return { url, token: encryptedToken === null ? null : unseal(encryptedToken, owner), timeoutMs }
}
