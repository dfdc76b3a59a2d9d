import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'

/** A new signing secret, 256 bits, as Standard Webhooks writes them. */
export function newSecret(): string {
  return `${prefix}${randomBytes(32).toString('base64')}`
}

/**
 * Headers of a signed message (Standard Webhooks 1.0.0): HMAC-SHA256 over "<id>.<timestamp>.<body>". The id stays the
 * same at each attempt and the time is that of the attempt, so that a receiver can refuse what is repeated or old.
 */
export function signatureHeaders(secret: string, id: string, at: Date, body: string): Record<string, string> {
  const seconds = Math.floor(at.getTime() / 1000)
  const key = Buffer.from(secret.slice(prefix.length), 'base64')
  const mac = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${mac}` }
}
