import type { AuditEntryView } from '../../server/audit/contract.ts'

/**
 * Whether an entry's hash is that of its text: SHA-256 over previous hash, sequence number and canonical text, one per
 * line. Null where the browser has no cryptography (plain HTTP to another machine).
 */
export async function entryHolds(
  entry: Pick<AuditEntryView, 'prevHash' | 'seq' | 'canonical' | 'hash'>,
): Promise<boolean | null> {
  if (!globalThis.crypto?.subtle) return null
  const text = `${entry.prevHash}\n${entry.seq}\n${entry.canonical}`
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const hash = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hash === entry.hash
}
