import type { Db, Tx } from '../../kernel/db.ts'
import { foldPeaks, leafHash, levelsPerTile, TreeFrontier, type TreeNode } from './frontier.ts'
import { type LeafRange, peaksOf } from './ranges.ts'

const batch = 1_000

/** Reads hashes of the tree from the kept nodes and, below them, from the entries: at most 256 rows for each subtree. */
export class StoredTree {
  readonly #db: Db

  constructor(db: Db) {
    this.#db = db
  }

  /** Hash over a range of leaves, as RFC 6962 cuts them. @throws Error if something that it needs is not there */
  async rangeHash(range: LeafRange): Promise<Buffer> {
    return foldPeaks(await Promise.all(peaksOf(range).map((peak) => this.#subtree(peak))))
  }

  /** The right edge after `size` entries. @throws Error if something that it needs is not there */
  async frontier(size: number): Promise<TreeFrontier> {
    const peaks = peaksOf([0, size]).map(async (peak) => ({
      level: peak.level,
      hash: await this.#subtree(peak),
    }))
    return new TreeFrontier(size, await Promise.all(peaks))
  }

  async #subtree({ level, index }: { level: number; index: number }): Promise<Buffer> {
    const below = level - (level % levelsPerTile)
    const count = 2 ** (level - below)
    const nodes = await this.#row(below, index * count, count)
    const within = new TreeFrontier()
    for (const node of nodes) within.add(node)
    if (within.size !== count)
      throw new Error(`the tree of the log lacks nodes of level ${below}; verify the log to have them made`)
    return Buffer.from(within.root(), 'hex')
  }

  async #row(level: number, from: number, count: number): Promise<Buffer[]> {
    if (level === 0) {
      const seq = { gt: BigInt(from), lte: BigInt(from + count) }
      const rows = await this.#db.auditEntry.findMany({
        where: { seq },
        orderBy: { seq: 'asc' },
        select: { hash: true },
      })
      return rows.map((row) => leafHash(row.hash))
    }
    const index = { gte: BigInt(from), lt: BigInt(from + count) }
    const rows = await this.#db.auditNode.findMany({ where: { level, index }, orderBy: { index: 'asc' } })
    return rows.map((row) => Buffer.from(row.hash, 'hex'))
  }
}

/** Keeps nodes, and leaves those that are there as they are. */
export async function keepNodes(tx: Tx, nodes: readonly TreeNode[]): Promise<void> {
  for (let at = 0; at < nodes.length; at += batch) {
    await tx.auditNode.createMany({
      data: nodes.slice(at, at + batch).map(({ level, index, hash }) => ({
        level,
        index: BigInt(index),
        hash: hash.toString('hex'),
      })),
      skipDuplicates: true,
    })
  }
}

/**
 * The first kept node over the first `size` entries that is not what they give, in words; null if there is none. A missing
 * one is no fault.
 */
export async function nodeProblem(db: Db, nodes: readonly TreeNode[], size: number): Promise<string | null> {
  const due = new Map(nodes.map((node) => [`${node.level}/${node.index}`, node.hash.toString('hex')]))
  let cursor: { level: number; index: bigint } | undefined
  for (;;) {
    const rows = await db.auditNode.findMany({
      orderBy: [{ level: 'asc' }, { index: 'asc' }],
      take: batch,
      ...(cursor ? { cursor: { level_index: cursor }, skip: 1 } : {}),
    })
    for (const { level, index, hash } of rows) {
      if (due.get(`${level}/${index}`) === hash || (Number(index) + 1) * 2 ** level > size) continue
      const first = index * 2n ** BigInt(level) + 1n
      return `the node of level ${level} over the entries from ${first} on is not what they give: the stored tree was altered`
    }
    const last = rows.at(-1)
    if (!last || rows.length < batch) return null
    cursor = { level: last.level, index: last.index }
  }
}
