'use client'
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { type DecisionQuery, decisionKinds } from '../../server/governance/contract.ts'
import type { Sort } from '../ui/data-table.tsx'

/** What the log shows, all of it in the URL. */
export function useDecisionFilters() {
  return useQueryStates({
    q: parseAsString.withDefault(''),
    kind: parseAsArrayOf(parseAsStringLiteral(decisionKinds)).withDefault([]),
    days: parseAsStringLiteral(['1', '7', '30', 'all']).withDefault('all'),
  })
}
export type DecisionFilters = ReturnType<typeof useDecisionFilters>[0]

const dayMs = 86_400_000

/** Shown while no kind is chosen: what a newer proposal replaced, or the planner took back, was decided on by nobody. */
export const usualDecisions = {
  kind: decisionKinds.filter((kind) => kind !== 'supersede'),
  withdrawn: 'without',
} satisfies DecisionQuery

/** One page of rows. `today`: start of the present hour, so that the query stays the same for a while. */
export function decisionQueryOf(
  filters: DecisionFilters,
  environment: string | null,
  sort: Sort,
  today: number,
): Omit<DecisionQuery, 'beforeNumber'> {
  const { q, kind, days } = filters
  return {
    search: q.trim() || undefined,
    ...(kind.length ? { kind } : usualDecisions),
    environment: environment ?? undefined,
    from: days === 'all' ? undefined : new Date(today - Number(days) * dayMs).toISOString(),
    sort: sort.id === 'cost' ? 'costChangePerHourUsd' : 'at',
    order: sort.direction,
    limit: 200,
  }
}
