import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ForecasterState } from './forecaster.ts'

/** SHA-256, in hex, of the canonical JSON (RFC 8785) of a saved state: names exactly the model that spoke. */
export function stateHash(state: ForecasterState): string {
  return createHash('sha256')
    .update(canonicalize(state) ?? '')
    .digest('hex')
}
