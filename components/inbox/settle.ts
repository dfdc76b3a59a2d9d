/**
 * Keeps a list still under the reader. Rows on the screen keep their places and take on new values; rows that are new wait
 * behind a count, unless they follow the last row, where they move nothing, or take the place of one that leaves as they come; rows that
 * left otherwise stay until the reader asks. `replaced`: the key of a row, and of the one in its place.
 */
export type Settled<Row> = {
  rows: Row[]
  fresh: number
  gone: ReadonlySet<string>
  replaced: ReadonlyMap<string, string>
}

/** `succeeds`: whether a row that comes is the newer form of one that leaves; `before`: what came in last. */
export type Succession<Row> = {
  before: readonly Row[]
  succeeds: (leaves: Row, comes: Row) => boolean
}

export function settle<Row>(
  shown: readonly Row[],
  incoming: readonly Row[],
  keyOf: (row: Row) => string,
  succession?: Succession<Row>,
): Settled<Row> {
  const byKey = new Map(incoming.map((row) => [keyOf(row), row]))
  const replaced = successors(shown, incoming, keyOf, succession)
  const places = shown.map((row) => byKey.get(replaced.get(keyOf(row)) ?? keyOf(row)) ?? row)
  const known = new Set(places.map(keyOf))
  const gone = new Set([...known].filter((key) => !byKey.has(key)))
  const lastShown = incoming.findLastIndex((row) => known.has(keyOf(row)))
  const tail = lastShown < 0 && shown.length > 0 ? [] : incoming.slice(lastShown + 1)
  const between = incoming.slice(0, lastShown < 0 ? incoming.length : lastShown + 1)
  const fresh =
    lastShown < 0 && shown.length > 0
      ? incoming.length
      : between.filter((row) => !known.has(keyOf(row))).length
  return {
    rows: shown.length === 0 ? [...incoming] : [...places, ...tail.filter((row) => !known.has(keyOf(row)))],
    fresh: shown.length === 0 ? 0 : fresh,
    gone,
    replaced,
  }
}

/** Of the rows that leave now, which one that comes now takes their place. */
function successors<Row>(
  shown: readonly Row[],
  incoming: readonly Row[],
  keyOf: (row: Row) => string,
  succession: Succession<Row> | undefined,
): Map<string, string> {
  const replaced = new Map<string, string>()
  if (succession === undefined) return replaced
  const [there, now] = [new Set(succession.before.map(keyOf)), new Set(incoming.map(keyOf))]
  const comes = incoming.filter((row) => !there.has(keyOf(row)))
  for (const row of shown) {
    if (now.has(keyOf(row)) || !there.has(keyOf(row))) continue
    const next = comes.find((one) => succession.succeeds(row, one))
    if (next && shown.every((other) => keyOf(other) !== keyOf(next))) replaced.set(keyOf(row), keyOf(next))
  }
  return replaced
}

/** The key `by` places after `current`, held at the ends; the first where there is no current. */
export function keyBeside(keys: readonly string[], current: string | null, by: 1 | -1): string | null {
  if (keys.length === 0) return null
  const index = current === null ? -1 : keys.indexOf(current)
  if (index < 0) return keys[0] ?? null
  return keys[Math.min(keys.length - 1, Math.max(0, index + by))] ?? null
}
