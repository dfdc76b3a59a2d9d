import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { consistencyHolds, inclusionHolds } from '../../../public/verify-log.mjs'
import { foldPeaks, leafHash, nodeHash, TreeFrontier, type TreeNode } from './frontier.ts'
import { consistencyRanges, inclusionRanges, type LeafRange, peaksOf } from './ranges.ts'

/** Leaves and roots of Certificate Transparency's own reference tests. */
const referenceLeaves = [
  ...['', '00', '10', '2021', '3031', '40414243', '5051525354555657'],
  '606162636465666768696a6b6c6d6e6f',
]
const referenceRoots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const leaves = Array.from({ length: 1_100 }, (_, i) =>
  leafHash(createHash('sha256').update(`${i}`).digest('hex')),
)

/** The definition of RFC 6962, section 2.1, word for word. */
function treeHash(of: readonly Buffer[]): Buffer {
  const [only] = of
  if (of.length === 1 && only) return only
  const k = 2 ** Math.ceil(Math.log2(of.length) - 1)
  return nodeHash(treeHash(of.slice(0, k)), treeHash(of.slice(k)))
}
const rootOf = (size: number) => treeHash(leaves.slice(0, size))
const hashesOf = (ranges: readonly LeafRange[]) =>
  ranges.map(([from, to]) => treeHash(leaves.slice(from, to)))
const sizes = fc.integer({ min: 1, max: 1_100 })

/** A leaf among the first n: [index, n]. */
const within = sizes.chain((n) => fc.tuple(fc.integer({ min: 0, max: n - 1 }), fc.constant(n)))

describe('the tree', () => {
  test('has the roots of the reference tests', () => {
    const tree = new TreeFrontier()
    const roots = referenceLeaves.map((leaf) => {
      tree.add(leafHash(leaf))
      return tree.root()
    })
    expect(roots).toEqual(referenceRoots)
    expect(new TreeFrontier().root()).toBe(createHash('sha256').digest('hex'))
  })

  test('grows from its right edge, and says which kept nodes are whole', () => {
    fc.assert(
      fc.property(within, ([from, to]) => {
        const peaks = peaksOf([0, from]).map(({ level, index }) => ({
          level,
          hash: treeHash(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
        }))
        const tree = new TreeFrontier(from, peaks)
        const kept: TreeNode[] = []
        for (const leaf of leaves.slice(from, to)) tree.add(leaf, (node) => kept.push(node))
        expect(tree.root()).toBe(rootOf(to).toString('hex'))
        expect(kept.map(({ level, index }) => [level, index])).toEqual(
          Array.from({ length: 4 }, (_, i) => i)
            .filter((i) => (i + 1) * 256 > from && (i + 1) * 256 <= to)
            .map((i) => [8, i]),
        )
        for (const { index, hash } of kept)
          expect(hash).toEqual(treeHash(leaves.slice(index * 256, (index + 1) * 256)))
      }),
      { numRuns: 30 },
    )
  })

  test('cuts ranges into whole subtrees that fold to their hash', () => {
    fc.assert(
      fc.property(within, ([, n]) => {
        const peaks = peaksOf([0, n]).map(({ level, index }) =>
          treeHash(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
        )
        expect(foldPeaks(peaks)).toEqual(rootOf(n))
      }),
      { numRuns: 30 },
    )
  })
})

describe('proofs, as the stand-alone verifier judges them', () => {
  test('every leaf is proven, and no other leaf, root, size or path', () => {
    fc.assert(
      fc.property(within, fc.nat(), ([index, n], chance) => {
        const path = hashesOf(inclusionRanges(index, n))
        const leaf = leaves[index] ?? Buffer.alloc(0)
        const root = rootOf(n)
        expect(inclusionHolds(index, n, leaf, path, root)).toBe(true)
        expect(inclusionHolds(index, n, leaves[1_099 - index] ?? leaf, path, root)).toBe(
          1_099 - index === index,
        )
        expect(inclusionHolds(index, n, leaf, path, leafHash('00'))).toBe(false)
        expect(inclusionHolds(index, n, leaf, [...path, leaf], root)).toBe(false)
        if (path.length === 0) return
        const at = chance % path.length
        expect(inclusionHolds(index, n, leaf, path.with(at, leafHash('01')), root)).toBe(false)
        expect(inclusionHolds(index, n, leaf, path.toSpliced(at, 1), root)).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  test('every earlier tree is proven to be the beginning, and no other one', () => {
    fc.assert(
      fc.property(within, fc.nat(), ([before, second], chance) => {
        const first = before + 1
        const path = hashesOf(consistencyRanges(first, second))
        const [one, two] = [rootOf(first), rootOf(second)]
        expect(consistencyHolds(first, second, one, two, path)).toBe(true)
        expect(consistencyHolds(first, second, leafHash('02'), two, path)).toBe(false)
        expect(consistencyHolds(first, second, one, leafHash('02'), path)).toBe(false)
        if (path.length === 0) return
        const at = chance % path.length
        expect(consistencyHolds(first, second, one, two, path.with(at, leafHash('03')))).toBe(false)
        expect(consistencyHolds(first, second, one, two, path.toSpliced(at, 1))).toBe(false)
      }),
      { numRuns: 50 },
    )
  })
})
