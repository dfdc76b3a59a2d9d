import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { z } from 'zod'

const format = 'v1'
const ivBytes = 12
const tagBytes = 16
const keySchema = z.string().regex(/^[0-9a-f]{64}$/)

/**
 * The key of stored credentials: 32 bytes from `INFRASAGE_ENCRYPTION_KEY`, kept outside the database.
 * @throws Error if it is missing or malformed; the value itself is never repeated
 */
export function encryptionKey(source: Record<string, string | undefined> = process.env): Buffer {
  const parsed = keySchema.safeParse(source.INFRASAGE_ENCRYPTION_KEY)
  if (!parsed.success) throw new Error('INFRASAGE_ENCRYPTION_KEY must be 64 hexadecimal digits.')
  return Buffer.from(parsed.data, 'hex')
}

/**
 * Encrypts with AES-256-GCM under a fresh 96-bit nonce (NIST SP 800-38D). `owner` is authenticated beside the text,
 * so that a sealed value copied into another row does not open there.
 */
export function seal(plain: string, owner: string, key: Buffer = encryptionKey()): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(owner, 'utf8'))
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return `${format}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`
}

/** @throws Error if the key or the owner is another one, or if a bit was changed */
export function unseal(sealed: string, owner: string, key: Buffer = encryptionKey()): string {
  const [version, payload] = sealed.split('.')
  const bytes = Buffer.from(payload ?? '', 'base64url')
  if (version !== format || bytes.length < ivBytes + tagBytes) {
    throw new Error('A stored credential has an unknown format.')
  }
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(owner, 'utf8'))
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
  try {
    const body = bytes.subarray(ivBytes + tagBytes)
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  } catch {
    throw new Error(
      'A stored credential does not open: the encryption key is another one, or it was altered.',
    )
  }
}
