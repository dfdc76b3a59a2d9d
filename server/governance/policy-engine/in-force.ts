import { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import type { PolicyEngine } from '../../kernel/generated/client.ts'
import { type SealedColumn, seal, unseal } from '../../kernel/secretbox.ts'
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

/** The engine that is asked; null where none is. */
export async function engineInForce(tx: Tx): Promise<EngineInForce | null> {
  const row = await engineRow(tx)
  if (row === null || row.url === null) return null
  const { version, url, encryptedToken, timeoutMs } = row
  return {
    version,
    url,
    encryptedToken,
    timeoutMs,
    enforcement: z.enum(engineEnforcements).parse(row.enforcement),
  }
}

/**
 * The same, held until the transaction ends: whoever decides under it commits before the engine is another one, or
 * finds the other one.
 */
export async function heldEngine(tx: Tx): Promise<EngineInForce | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended('policy-engine', 0))`
  return engineInForce(tx)
}

/** Waits for every transaction that decides under the engine in force, and lets none begin until this one ends. */
export async function lockEngine(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('policy-engine', 0))`
}

export const sealToken = (token: string): string => seal(token, owner)

/** @throws Error when the token does not open */
export function accessOf({ url, encryptedToken, timeoutMs }: EngineInForce): EngineAccess {
  return { url, token: encryptedToken === null ? null : unseal(encryptedToken, owner), timeoutMs }
}
