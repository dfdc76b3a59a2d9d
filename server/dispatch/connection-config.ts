import { UnavailableError } from '../kernel/errors.ts'
import { type SealedColumn, seal, unseal } from '../kernel/secretbox.ts'

/** Bound to the connection's id, so that the settings of one connection cannot be moved to another in the database. */
const ownerOf = (connectionId: string) => `connection/${connectionId}`

export const sealedConfig: SealedColumn = {
  ...{ table: 'Connection', id: 'id', column: 'encryptedConfig' },
  ownerOf,
}

export function sealConfig(connectionId: string, config: Record<string, string>): string {
  return seal(JSON.stringify(config), ownerOf(connectionId))
}

/**
 * What `sealConfig` sealed; the adapter checks its shape again.
 * @throws UnavailableError if it does not open: the key of this process is another one
 */
export function openConfig(connection: { id: string; name: string; encryptedConfig: string }): unknown {
  try {
    return JSON.parse(unseal(connection.encryptedConfig, ownerOf(connection.id)))
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable'
    throw new UnavailableError(`The settings of the connection "${connection.name}" cannot be opened. ${why}`)
  }
}
