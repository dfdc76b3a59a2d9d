'use client'
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { type AuditQuery, stages } from '../../server/audit/contract.ts'

export const spans = [
  { value: '1', label: '24 h' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: 'all', label: 'all' },
] as const

/** What the log shows, all of it in the URL. `entry`: the one that is open. */
export function useLogFilters() {
  return useQueryStates({
    q: parseAsString.withDefault(''),
    stage: parseAsStringLiteral(stages),
    action: parseAsString.withDefault(''),
    subject: parseAsString.withDefault(''),
    actor: parseAsString.withDefault(''),
    workload: parseAsString,
    decision: parseAsString,
    days: parseAsStringLiteral(spans.map(({ value }) => value)).withDefault('all'),
    /** Entries up to this one; the newest without it. */
    upTo: parseAsInteger,
    entry: parseAsInteger,
    view: parseAsStringLiteral(['entries', 'proof']).withDefault('entries'),
  })
}
export type LogFilters = ReturnType<typeof useLogFilters>[0]
export type SetLogFilters = ReturnType<typeof useLogFilters>[1]

/** Nothing asked for. */
export const noFilters = {
  ...{ q: null, stage: null, action: null, subject: null, actor: null, workload: null, decision: null },
  ...{ days: null, upTo: null },
}

const dayMs = 86_400_000
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** What is asked of the server. `today`: start of the present hour, so that the query stays the same for a while. */
export function logQueryOf(filters: LogFilters, today: number): Omit<AuditQuery, 'beforeSeq' | 'limit'> {
  const { q, stage, action, subject, actor, workload, decision, days } = filters
  const idOf = (value: string | null) => (value && uuid.test(value) ? value : undefined)
  return {
    text: q.trim().slice(0, 200) || undefined,
    stage: stage ?? undefined,
    action: action.trim() || undefined,
    subject: subject.trim() || undefined,
    actor: actor.trim() || undefined,
    workloadId: idOf(workload),
    decisionId: idOf(decision),
    from: days === 'all' ? undefined : new Date(today - Number(days) * dayMs).toISOString(),
  }
}

/** Whether anything narrows the log. */
export function isNarrowed({ entry: _, view: __, ...filters }: LogFilters): boolean {
  const { days, ...rest } = filters
  return days !== 'all' || Object.values(rest).some((value) => value !== null && value !== '')
}

/** The same filters as a download of the rows that they find. */
export function exportAddress(query: Omit<AuditQuery, 'limit'>, format: 'csv' | 'jsonl'): string {
  const given = Object.entries({ ...query, format }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return `/api/v1/audit/entries/export?${new URLSearchParams(given)}`
}
