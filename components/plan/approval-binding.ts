import canonicalize from 'canonicalize'
import type { ApprovalBinding } from '../../server/governance/contract.ts'

/** SHA-256 of the canonical JSON (RFC 8785), in hexadecimal; null where the browser has no cryptography (plain HTTP). */
export async function hashOf(binding: ApprovalBinding): Promise<string | null> {
  const text = canonicalize(binding)
  if (text === undefined || !globalThis.crypto?.subtle) return null
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
