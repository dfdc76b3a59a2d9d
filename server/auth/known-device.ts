import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { cookiePrefix } from './cookies.ts'
import { readCookie } from './read-cookie.ts'

const maxAgeSeconds = 180 * 86_400

const keyOf = (secret: string) => Buffer.from(hkdfSync('sha256', secret, '', 'infrasage known device', 32))

/** Of the account and not of the browser: several people may share one. */
function cookieName(email: string, secure: boolean): string {
  const account = createHash('sha256').update(email).digest('hex').slice(0, 16)
  return `${cookiePrefix(secure)}infrasage.device.${account}`
}

const sign = (email: string, device: string, secret: string) =>
  createHmac('sha256', keyOf(secret))
    .update(JSON.stringify([email, device]))
    .digest()

/**
 * The name that this browser was given when the person last signed in with it; null for none or a forged one. It opens
 * nothing: its failed sign-ins are counted apart (OWASP: device cookies).
 */
export function knownDevice(
  headers: Headers,
  email: string,
  { secret, secure }: { secret: string; secure: boolean },
): string | null {
  const [device = '', signature = ''] = (readCookie(headers, cookieName(email, secure)) ?? '').split('.')
  const given = Buffer.from(signature, 'base64url')
  const right = sign(email, device, secret)
  return device !== '' && given.length === right.length && timingSafeEqual(given, right) ? device : null
}

/** The `Set-Cookie` header that makes a browser known for an account. */
export function deviceCookie(email: string, { secret, secure }: { secret: string; secure: boolean }): string {
  const device = randomBytes(16).toString('base64url')
  const value = `${device}.${sign(email, device, secret).toString('base64url')}`
  const flags = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly${secure ? '; Secure' : ''}; SameSite=Lax`
  return `${cookieName(email, secure)}=${value}; ${flags}`
}
