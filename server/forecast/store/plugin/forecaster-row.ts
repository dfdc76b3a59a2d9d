import type { Forecaster } from '../../../kernel/generated/client.ts'
import { type SealedColumn, seal, unseal } from '../../../kernel/secretbox.ts'
import type { ForecasterView } from '../../plugin/contract.ts'
import { healthOf } from '../../plugin/health.ts'

/** Bound to the row, so that a secret cannot be moved to another forecaster in the database. */
const ownerOf = (id: string) => `forecaster/${id}`

export const sealedForecasterSecret: SealedColumn = {
  ...{ table: 'Forecaster', id: 'id', column: 'encryptedSecret' },
  ownerOf,
}

export function sealSecret(id: string, secret: string): string {
  return seal(secret, ownerOf(id))
}

/** The header that carries the secret; none when there is no secret. @throws Error when it does not open */
export function secretHeaders(
  row: Pick<Forecaster, 'id' | 'secretHeader' | 'encryptedSecret'>,
): Record<string, string> {
  if (row.secretHeader === null || row.encryptedSecret === null) return {}
  return { [row.secretHeader]: unseal(row.encryptedSecret, ownerOf(row.id)) }
}

export function forecasterView(row: Forecaster, now: Date): ForecasterView {
  return {
    workloadId: row.workloadId,
    name: row.name,
    url: row.url,
    secretHeader: row.secretHeader,
    hasSecret: row.encryptedSecret !== null,
    timeoutMs: row.timeoutMs,
    windowSteps: row.windowSteps,
    active: row.active,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    health: healthOf(row, now),
  }
}
