/** Leaves from the first up to and not with the second. */
export type LeafRange = readonly [from: number, to: number]

/** The whole subtrees that a range falls into, the largest first; `from` is a multiple of the largest one's size. */
export function peaksOf([from, to]: LeafRange): { level: number; index: number }[] {
  const peaks: { level: number; index: number }[] = []
  let start = from
  while (start < to) {
    const level = Math.floor(Math.log2(to - start))
    peaks.push({ level, index: start / 2 ** level })
    start += 2 ** level
  }
  return peaks
}

/** The largest power of two below n. */
function split(n: number): number {
  return 2 ** Math.ceil(Math.log2(n) - 1)
}

/** The ranges whose hashes lead from a leaf up to the root of `size` leaves, in that order: PATH of RFC 6962, 2.1.1. */
export function inclusionRanges(leaf: number, size: number): LeafRange[] {
  const path: LeafRange[] = []
  let [from, to] = [0, size]
  while (to - from > 1) {
    const middle = from + split(to - from)
    path.push(leaf < middle ? [middle, to] : [from, middle])
    if (leaf < middle) to = middle
    else from = middle
  }
  return path.reverse()
}

/** The ranges whose hashes show that the first `first` of `second` leaves are unchanged: PROOF of RFC 6962, 2.1.2. */
export function consistencyRanges(first: number, second: number): LeafRange[] {
  const path: LeafRange[] = []
  let [from, to] = [0, second]
  while (first < to) {
    const middle = from + split(to - from)
    path.push(first <= middle ? [middle, to] : [from, middle])
    if (first <= middle) to = middle
    else from = middle
  }
  if (from > 0) path.push([from, to])
  return path.reverse()
}
