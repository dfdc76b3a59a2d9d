import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml'

export type Path = readonly (string | number)[]

/** What is wrong with a file, at a place in it. `atKey`: the key itself is what is wrong, not its value. */
export type Problem = { path: Path; message: string; expected?: string; atKey?: boolean }

/** `pools[0].capacityPerReplica` */
export function pathInWords(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i ? '.' : ''}${step}`)).join('')
}

type Found = { key: Node | null; value: Node | null }

function childOf(doc: Document, parent: Node | null, step: string | number): Found | null {
  const node = isAlias(parent) ? (parent.resolve(doc) ?? null) : parent
  if (isSeq<Node>(node)) return { key: null, value: node.items[Number(step)] ?? null }
  if (!isMap<Node, Node | null>(node)) return null
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
  return pair ? { key: pair.key, value: pair.value } : null
}

/** Line and column, both from 1, of what is at `path`, or of the nearest thing around it that the file has. */
export function locate(
  doc: Document,
  lines: LineCounter,
  path: Path,
  atKey = false,
): { line: number; column: number } {
  let at: Node | null = doc.contents
  let found: Found = { key: null, value: at }
  for (const step of path) {
    const next = childOf(doc, found.value, step)
    if (!next) break
    found = next
    at = (atKey ? (found.key ?? found.value) : (found.value ?? found.key)) ?? at
  }
  const { line, col } = lines.linePos(at?.range?.[0] ?? 0)
  return { line, column: col }
}
