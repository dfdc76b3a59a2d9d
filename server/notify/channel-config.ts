import { z } from 'zod'
import { type SealedColumn, seal, unseal } from '../kernel/secretbox.ts'

/** Bound to the channel's id, so that the settings of one cannot be moved to another in the database. */
const ownerOf = (channelId: string) => `notify-channel/${channelId}`

export const sealedChannelConfig: SealedColumn = {
  ...{ table: 'NotifyChannel', id: 'id', column: 'encryptedConfig' },
  ownerOf,
}

const settings = z.record(z.string(), z.unknown())

export function sealChannelConfig(channelId: string, config: Record<string, unknown>): string {
  return seal(JSON.stringify(config), ownerOf(channelId))
}

/** What `sealChannelConfig` sealed; the notifier checks its shape again. @throws Error if the key is another one */
export function openChannelConfig(channel: { id: string; encryptedConfig: string }): Record<string, unknown> {
  return settings.parse(JSON.parse(unseal(channel.encryptedConfig, ownerOf(channel.id))))
}
