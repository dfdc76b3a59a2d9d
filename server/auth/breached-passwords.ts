import { createHash } from 'node:crypto'
import { breachedDigests } from './breached-digests.ts'

/** Of the digests that are kept: one password in 25 million that never leaked is taken for one that did. */
export const digestBytes = 5

let table: Buffer | undefined

/** What a leaked password is found by, in whatever case it was typed. */
export function breachedDigest(password: string): Buffer {
  const plain = password.normalize('NFKC').toLowerCase()
  return createHash('sha256').update(plain).digest().subarray(0, digestBytes)
}

/**
 * Whether a password is among those that are known to have leaked and are used most (ASVS 5.0, 6.2.4 and 6.2.12).
 * Nothing is asked of anybody else: the list is part of the product.
 */
export function isBreached(password: string): boolean {
  table ??= Buffer.from(breachedDigests, 'base64')
  const wanted = breachedDigest(password)
  let from = 0
  let to = table.length / digestBytes
  while (from < to) {
    const middle = (from + to) >>> 1
    const order = table.compare(wanted, 0, digestBytes, middle * digestBytes, (middle + 1) * digestBytes)
    if (order === 0) return true
    if (order < 0) from = middle + 1
    else to = middle
  }
  return false
}
