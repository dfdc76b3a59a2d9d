'use client'
import { useMemo, useState } from 'react'
import type { ProposalRow } from '../../server/governance/contract.ts'
import { batchSize } from '../../server/governance/contract.ts'

/**
 * Rows chosen to be decided together, as they were when they were chosen: each decision is bound to what was seen then. What no
 * longer waits, or left the list, drops out.
 */
export function useSelection(rows: readonly ProposalRow[], gone: ReadonlySet<string>) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, ProposalRow>>(new Map())
  const selected = useMemo(() => {
    const waiting = new Set(
      rows.filter(({ id, state }) => state === 'waiting' && !gone.has(id)).map(({ id }) => id),
    )
    return [...chosen.values()].filter(({ id }) => waiting.has(id))
  }, [chosen, rows, gone])
  const ids = useMemo(() => new Set(selected.map(({ id }) => id)), [selected])
  const toggle = (row: ProposalRow) => {
    if (row.state !== 'waiting') return
    const next = new Map(selected.map((one) => [one.id, one]))
    if (!next.delete(row.id) && next.size < batchSize) next.set(row.id, row)
    setChosen(next)
  }
  const selectAll = () => {
    const waiting = rows.filter(({ id, state }) => state === 'waiting' && !gone.has(id))
    setChosen(new Map(waiting.slice(0, batchSize).map((row) => [row.id, row])))
  }
  return { selected, ids, toggle, selectAll, clear: () => setChosen(new Map()) }
}

export type Selection = ReturnType<typeof useSelection>
