'use client'
import { createParser, useQueryState } from 'nuqs'
import type { Sort } from './data-table.tsx'

const parser = createParser<Sort>({
  parse: (text) => {
    const id = text.replace(/^-/, '')
    return id ? { id, direction: text.startsWith('-') ? 'desc' : 'asc' } : null
  },
  serialize: ({ id, direction }) => (direction === 'desc' ? `-${id}` : id),
  eq: (a, b) => a.id === b.id && a.direction === b.direction,
})

/** The order of a table, in the URL as `sort=name`, or `sort=-name` for descending. */
export function useSort(initial: Sort, key = 'sort') {
  return useQueryState(key, parser.withDefault(initial))
}
