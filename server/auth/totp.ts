import { createHmac, randomBytes } from 'node:crypto'

const stepSeconds = 30
const digits = 6
/** Steps before and after the present one whose codes are taken: clocks differ, and people type slowly (RFC 6238, 5.2). */
const tolerance = 1
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A secret as long as the hash it is used with (RFC 4226, section 4). */
export const newSecret = (): Buffer => randomBytes(20)

/** RFC 4648, without padding: what authenticator apps read and people type. */
export function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map((group) => alphabet[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')
}

/** HMAC-based one-time password (RFC 4226, section 5.3), over SHA-1, which every authenticator app knows. */
export function hotp(secret: Buffer, counter: number, length = digits): string {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(counter))
  const mac = createHmac('sha1', secret).update(message).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  const number = mac.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** length).padStart(length, '0')
}

/** The time step of an instant (RFC 6238, section 4). */
export const stepAt = (at: Date): number => Math.floor(at.getTime() / 1_000 / stepSeconds)

/**
 * The time step whose code this is, of those near `at` and after `lastStep`; null for none. A code is good once: the caller
 * keeps the step, and neither it nor an earlier one is taken again.
 */
export function matchingStep(
  secret: Buffer,
  code: string,
  { at, lastStep }: { at: Date; lastStep: number | null },
): number | null {
  const now = stepAt(at)
  for (let step = now - tolerance; step <= now + tolerance; step++) {
    if (step > (lastStep ?? -1) && hotp(secret, step) === code) return step
  }
  return null
}

/** What the QR code says: the key URI format that authenticator apps read. */
export function keyUri(secret: Buffer, email: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(email)}`
  const query = new URLSearchParams({ secret: base32(secret), issuer, digits: String(digits) })
  return `otpauth://totp/${label}?${query}&period=${stepSeconds}&algorithm=SHA1`
}
