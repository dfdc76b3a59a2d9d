import type { InclusionProof } from '../../server/audit/contract.ts'
import { entryHolds } from '../decisions/entry-hash.ts'

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

async function hashOf(prefix: number, ...parts: Uint8Array[]): Promise<Uint8Array> {
  const bytes = Uint8Array.from([prefix, ...parts.flatMap((part) => [...part])])
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes))
}

/**
 * Whether the entry's text has its hash, and the path leads from it to the root that the checkpoint names (RFC 9162,
 * 2.1.3.2). Null where the browser has no cryptography (plain HTTP to another machine). Who signed the checkpoint is not
 * judged here: the key would come from the same server.
 */
export async function inclusionHolds({ entry, checkpoint, path }: InclusionProof): Promise<boolean | null> {
  const holds = await entryHolds(entry)
  if (!holds) return holds
  let [at, last] = [entry.seq - 1, checkpoint.size - 1]
  let hash = await hashOf(0, bytesOf(entry.hash))
  for (const step of path) {
    if (last === 0) return false
    const sibling = bytesOf(step)
    if (at % 2 === 1 || at === last) {
      hash = await hashOf(1, sibling, hash)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else hash = await hashOf(1, hash, sibling)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  const root = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return last === 0 && root === checkpoint.rootHash
}
