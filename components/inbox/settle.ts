/**
 * Keeps a list still under the reader. Rows on the screen keep their places and take on new values; rows that are new wait
 * behind a count, unless they follow the last row, where they move nothing; rows that left stay until the reader asks.
 */
export type Settled<Row> = { rows: Row[]; fresh: number; gone: ReadonlySet<string> }

export function settle<Row>(
  shown: readonly Row[],
  incoming: readonly Row[],
  keyOf: (row: Row) => string,
): Settled<Row> {
  const byKey = new Map(incoming.map((row) => [keyOf(row), row]))
  const known = new Set(shown.map(keyOf))
  const rows = shown.map((row) => byKey.get(keyOf(row)) ?? row)
  const gone = new Set([...known].filter((key) => !byKey.has(key)))
  const lastShown = incoming.findLastIndex((row) => known.has(keyOf(row)))
  const tail = lastShown < 0 && shown.length > 0 ? [] : incoming.slice(lastShown + 1)
  const between = incoming.slice(0, lastShown < 0 ? incoming.length : lastShown + 1)
  const fresh =
    lastShown < 0 && shown.length > 0
      ? incoming.length
      : between.filter((row) => !known.has(keyOf(row))).length
  return {
    rows: shown.length === 0 ? [...incoming] : [...rows, ...tail],
    fresh: shown.length === 0 ? 0 : fresh,
    gone,
  }
}

/** The key `by` places after `current`, held at the ends; the first where there is no current. */
export function keyBeside(keys: readonly string[], current: string | null, by: 1 | -1): string | null {
  if (keys.length === 0) return null
  const index = current === null ? -1 : keys.indexOf(current)
  if (index < 0) return keys[0] ?? null
  return keys[Math.min(keys.length - 1, Math.max(0, index + by))] ?? null
}
