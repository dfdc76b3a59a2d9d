/** One line of two texts laid beside each other: in both, in the first alone, or in the second alone. */
export type DiffLine = { kind: 'same' | 'gone' | 'new'; text: string }

/**
 * Two texts line by line, by their longest common subsequence: as few lines gone and new as there can be, what is gone before
 * what takes its place. Quadratic in the lines, which a written policy has few of.
 */
export function lineDiff(before: string | null, after: string | null): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)]
  /** `common[i][j]`: how many lines the rest of both from i and j on share, in order. */
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const at = (i: number, j: number) => common[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    const row = common[i] ?? []
    for (let j = b.length - 1; j >= 0; j--)
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i] ?? '' })
      i++
      j++
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'gone', text: a[i++] ?? '' })
    } else {
      lines.push({ kind: 'new', text: b[j++] ?? '' })
    }
  }
  return lines
}

const linesOf = (text: string | null): string[] => (text ? text.split('\n') : [])
