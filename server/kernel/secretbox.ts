import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'

/** `v1` names no key, and opens under any that is at hand. */
const format = 'v2'
const ivBytes = 12
const tagBytes = 16
const keySchema = z.string().regex(/^[0-9a-f]{64}$/)

/** `id`: eight hexadecimal digits of the key's SHA-256, which stand beside all that it sealed. */
type SealKey = { id: string; key: Buffer }

/** The keys of stored credentials: one seals, all open. */
export type KeyRing = { sealing: SealKey; opening: SealKey[] }

/** A column of sealed values, for whoever seals them anew under another key. `ownerOf`: whose a row's value is. */
export type SealedColumn = { table: string; id: string; column: string; ownerOf(id: string): string }

export function keyRing(sealing: Buffer, old: Buffer[] = []): KeyRing {
  const keys = [sealing, ...old].map((key) => ({
    id: createHash('sha256').update(key).digest('hex').slice(0, 8),
    key,
  }))
  const [first] = keys
  if (first === undefined) throw new Error('There is no key to seal with.')
  return { sealing: first, opening: keys }
}

/**
 * The keys of this process, of 32 bytes each, which are kept outside the database: `INFRASAGE_ENCRYPTION_KEY` seals, those of
 * `INFRASAGE_OLD_ENCRYPTION_KEYS`, separated by commas, open as well.
 * @throws Error if one is missing or malformed; the value itself is never repeated
 */
export function encryptionKeys(source: Record<string, string | undefined> = process.env): KeyRing {
  const sealing = keySchema.safeParse(source.INFRASAGE_ENCRYPTION_KEY)
  if (!sealing.success) throw new Error('INFRASAGE_ENCRYPTION_KEY must be 64 hexadecimal digits.')
  const listed = (source.INFRASAGE_OLD_ENCRYPTION_KEYS ?? '').split(',').map((key) => key.trim())
  const old = keySchema.array().safeParse(listed.filter((key) => key !== ''))
  if (!old.success) {
    throw new Error(
      'INFRASAGE_OLD_ENCRYPTION_KEYS must be keys of 64 hexadecimal digits, with commas between.',
    )
  }
  return keyRing(
    Buffer.from(sealing.data, 'hex'),
    old.data.map((key) => Buffer.from(key, 'hex')),
  )
}

/** What every value begins with that the ring's present key sealed. */
export function sealedPrefix({ sealing }: KeyRing): string {
  return `${format}.${sealing.id}.`
}

/**
 * Encrypts with AES-256-GCM under a fresh 96-bit nonce (NIST SP 800-38D). `owner` is authenticated beside the text,
 * so that a sealed value copied into another row does not open there.
 */
export function seal(plain: string, owner: string, keys: KeyRing = encryptionKeys()): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', keys.sealing.key, iv, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(owner, 'utf8'))
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return sealedPrefix(keys) + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
}

/** @throws Error if the key or the owner is another one, or if a bit was changed */
export function unseal(sealed: string, owner: string, keys: KeyRing = encryptionKeys()): string {
  const [version, ...rest] = sealed.split('.')
  const keyId = version === format ? rest.shift() : undefined
  const bytes = Buffer.from(rest[0] ?? '', 'base64url')
  if ((version !== format && version !== 'v1') || rest.length !== 1 || bytes.length < ivBytes + tagBytes) {
    throw new Error('A stored credential has an unknown format.')
  }
  const fitting = keys.opening.filter(({ id }) => version === 'v1' || id === keyId)
  if (fitting.length === 0) {
    throw new Error(
      `A stored credential was sealed under the key ${keyId}, which this process does not have; INFRASAGE_OLD_ENCRYPTION_KEYS takes it.`,
    )
  }
  for (const { key } of fitting) {
    const plain = open(bytes, owner, key)
    if (plain !== null) return plain
  }
  throw new Error('A stored credential does not open: the encryption key is another one, or it was altered.')
}

function open(bytes: Buffer, owner: string, key: Buffer): string | null {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(owner, 'utf8'))
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
  try {
    const body = bytes.subarray(ivBytes + tagBytes)
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}
