'use client'
import { useState } from 'react'
import { type Succession, settle } from './settle.ts'

type Held<Row> = {
  listKey: string
  incoming: readonly Row[]
  rows: readonly Row[]
  replaced: ReadonlyMap<string, string>
}

/**
 * A list that live updates never move; `listKey` names the list, and another list starts afresh. `placeOf` gives the key of the row that
 * stands where a row stood that was replaced.
 */
export function useSettled<Row>(
  listKey: string,
  incoming: readonly Row[],
  keyOf: (row: Row) => string,
  succeeds: Succession<Row>['succeeds'],
) {
  const fresh = (rows: readonly Row[]): Held<Row> => ({ listKey, incoming: rows, rows, replaced: new Map() })
  const [held, setHeld] = useState<Held<Row>>(() => fresh([]))
  const before = held.listKey === listKey ? held : fresh([])
  const settled = settle(before.rows, incoming, keyOf, { before: before.incoming, succeeds })
  const replaced = new Map([...before.replaced, ...settled.replaced])
  if (held.listKey !== listKey || held.incoming !== incoming) {
    setHeld({ listKey, incoming, rows: settled.rows, replaced })
  }
  const placeOf = (key: string): string => {
    const next = replaced.get(key)
    return next === undefined ? key : placeOf(next)
  }
  return { ...settled, placeOf, showFresh: () => setHeld({ ...fresh(incoming), replaced }) }
}
