'use client'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import type { ProposalQuery, ProposalStateName } from '../../server/governance/contract.ts'

export const views = ['waiting', 'approved', 'rejected', 'lapsed', 'all'] as const
export type InboxView = (typeof views)[number]

const statesOf: Record<InboxView, ProposalStateName[] | undefined> = {
  waiting: ['waiting'],
  approved: ['approved'],
  rejected: ['rejected'],
  lapsed: ['expired', 'superseded'],
  all: undefined,
}

export const sorts = ['actBy', 'createdAt', 'costChangePerHourUsd', 'confidence'] as const
export type InboxSort = (typeof sorts)[number]

/** What the inbox shows, all of it in the URL: a link shows a colleague the same. */
export function useInboxFilters() {
  return useQueryStates({
    view: parseAsStringLiteral(views).withDefault('waiting'),
    sort: parseAsStringLiteral(sorts).withDefault('actBy'),
    q: parseAsString.withDefault(''),
    proposal: parseAsString,
  })
}

/** The query of one page of rows. Deadlines ascend; newest, dearest and surest come first. */
export function queryOf(
  filters: { view: InboxView; sort: InboxSort; q: string },
  environment: string | null,
): ProposalQuery {
  return {
    state: statesOf[filters.view],
    environment: environment ?? undefined,
    search: filters.q.trim() || undefined,
    sort: filters.sort,
    order: filters.sort === 'actBy' && filters.view === 'waiting' ? 'asc' : 'desc',
    limit: 200,
  }
}
