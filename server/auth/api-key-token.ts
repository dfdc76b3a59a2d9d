import { createHash } from 'node:crypto'

/** A token holds 256 random bits, so a plain hash cannot be searched; no slow one is needed. */
export const hashToken = (token: string) => createHash('sha256').update(token).digest('hex')

/** What people see of a key: `isk_` and 48 of its bits. */
export const tokenPrefix = (token: string) => token.slice(0, 16)

export const isApiKeyToken = (token: string) => /^isk_[0-9a-f]{64}$/.test(token)
