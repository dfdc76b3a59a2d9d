'use client'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import {
  type ProposalQuery,
  type ProposalStateName,
  proposalSorts,
} from '../../server/governance/contract.ts'
import { directions } from '../../server/plan/contract.ts'

export const views = ['waiting', 'snoozed', 'approved', 'rejected', 'lapsed', 'all'] as const
export type InboxView = (typeof views)[number]

const statesOf: Record<InboxView, ProposalStateName[] | undefined> = {
  waiting: ['waiting'],
  snoozed: ['waiting'],
  approved: ['approved'],
  rejected: ['rejected'],
  lapsed: ['expired', 'superseded'],
  all: undefined,
}

export type InboxSort = (typeof proposalSorts)[number]
export type InboxDirection = (typeof directions)[number]

/** What the inbox shows, all of it in the URL: a link shows a colleague the same. */
export function useInboxFilters() {
  return useQueryStates({
    view: parseAsStringLiteral(views).withDefault('waiting'),
    sort: parseAsStringLiteral(proposalSorts).withDefault('waitingCost'),
    change: parseAsStringLiteral(directions),
    q: parseAsString.withDefault(''),
    proposal: parseAsString,
  })
}

/** The query of one page of rows. What costs most to leave, the nearest deadline, the newest, dearest and surest come first. */
export function queryOf(
  filters: { view: InboxView; sort: InboxSort; change: InboxDirection | null; q: string },
  environment: string | null,
): ProposalQuery {
  const waits = filters.view === 'waiting' || filters.view === 'snoozed'
  return {
    state: statesOf[filters.view],
    environment: environment ?? undefined,
    change: filters.change ?? undefined,
    snoozed: filters.view === 'waiting' ? 'leave-out' : filters.view === 'snoozed' ? 'only' : 'include',
    search: filters.q.trim() || undefined,
    // What is decided costs nothing by waiting: the newest is of interest.
    sort: !waits && filters.sort === 'waitingCost' ? 'createdAt' : filters.sort,
    order: filters.sort === 'actBy' && waits ? 'asc' : 'desc',
    limit: 200,
  }
}
