'use client'
import { useState } from 'react'
import { settle } from './settle.ts'

/** A list that live updates never move; `listKey` names the list, and another list starts afresh. */
export function useSettled<Row>(listKey: string, incoming: readonly Row[], keyOf: (row: Row) => string) {
  const [held, setHeld] = useState<{ listKey: string; incoming: readonly Row[]; rows: readonly Row[] }>({
    listKey,
    incoming: [],
    rows: [],
  })
  const before = held.listKey === listKey ? held.rows : []
  const settled = settle(before, incoming, keyOf)
  if (held.listKey !== listKey || held.incoming !== incoming) {
    setHeld({ listKey, incoming, rows: settled.rows })
  }
  const showFresh = () => setHeld({ listKey, incoming, rows: [...incoming] })
  return { ...settled, showFresh }
}
