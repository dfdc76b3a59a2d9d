import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ForecasterState } from './forecaster.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/**
 * Names exactly the model that spoke: SHA-256, in hex, of the canonical JSON (RFC 8785) of a saved state in which each
 * column stands for its own SHA-256. Putting the columns themselves in canonical form would cost four times as much.
 */
export function stateHash({ columns, ...rest }: ForecasterState): string {
  const hashes = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, sha256(column)]))
  return sha256(canonicalize({ ...rest, columns: hashes }) ?? '')
}
