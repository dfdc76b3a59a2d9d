import { hash } from 'node:crypto'

/** Inner nodes of every eighth level are kept; what lies between is computed from at most 256 of them. */
export const levelsPerTile = 8

const leafPrefix = Buffer.from([0])
const nodePrefix = Buffer.from([1])

/** Leaf of an entry: SHA-256 over 0x00 and the 32 bytes of the entry's own hash (RFC 6962, section 2.1). */
export function leafHash(entryHash: string): Buffer {
  return hash('sha256', Buffer.concat([leafPrefix, Buffer.from(entryHash, 'hex')]), 'buffer')
}

/** Inner node: SHA-256 over 0x01 and both children (RFC 6962, section 2.1). */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return hash('sha256', Buffer.concat([nodePrefix, left, right]), 'buffer')
}

/** A whole subtree over 2^level leaves, the `index`-th of its level. */
export type TreeNode = { level: number; index: number; hash: Buffer }

/** Folds whole subtrees, the largest first, into the root over all of them. */
export function foldPeaks(peaks: readonly Buffer[]): Buffer {
  const last = peaks.at(-1)
  if (!last) return hash('sha256', '', 'buffer')
  return peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last)
}

/**
 * The right edge of a Merkle tree: the whole subtrees that its leaves fall into, the largest first. With it a tree grows
 * without its leaves: log₂ n hashes stand for n entries.
 */
export class TreeFrontier {
  size: number
  readonly #peaks: { level: number; hash: Buffer }[]

  /** `peaks`: of the first `size` leaves; see `peaksOf`. */
  constructor(size = 0, peaks: readonly { level: number; hash: Buffer }[] = []) {
    this.size = size
    this.#peaks = [...peaks]
  }

  /** Adds the next leaf; `onKept` hears of every node of a kept level that is whole now. */
  add(leaf: Buffer, onKept?: (node: TreeNode) => void): void {
    let node = { level: 0, index: this.size, hash: leaf }
    for (let left = this.#peaks.at(-1); left?.level === node.level; left = this.#peaks.at(-1)) {
      this.#peaks.pop()
      node = {
        level: node.level + 1,
        index: Math.floor(node.index / 2),
        hash: nodeHash(left.hash, node.hash),
      }
      if (node.level % levelsPerTile === 0) onKept?.(node)
    }
    this.#peaks.push({ level: node.level, hash: node.hash })
    this.size += 1
  }

  /** The root over all leaves so far, as 64 hexadecimal digits. */
  root(): string {
    return foldPeaks(this.#peaks.map((peak) => peak.hash)).toString('hex')
  }
}
