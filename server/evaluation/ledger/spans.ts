import { type LedgerKind, ledgerSpanHours } from '../contract/ledger.ts'

/** What the span of an entry depends on; instants in milliseconds. */
export type SpanDecision = {
  kind: LedgerKind
  at: number
  /** When the proposal had to be decided to be in time. */
  actBy: number
  /** Whether it is still being carried out, so that nobody knows yet whether it will count. */
  open: boolean
}

export type Span = {
  from: number
  until: number
  /** Whether the end of the span can still move. */
  open: boolean
}

/** When a decision begins to count: an expired proposal at the moment up to which it could have been approved in time. */
export const countsFrom = ({ kind, at, actBy }: SpanDecision): number =>
  kind === 'expire' ? Math.min(at, actBy) : at

/**
 * Spans of one workload's decisions in order of time: each until the next, and at most the stated hours. They never overlap, so
 * that sums over them count nothing twice. `now`: a span that has not reached its end is open.
 */
export function spansOf(decisions: readonly SpanDecision[], now: number): Span[] {
  const longest = ledgerSpanHours * 3_600_000
  return decisions.map((decision, i) => {
    const from = countsFrom(decision)
    const later = decisions.slice(i + 1)
    const next = later.find(({ open }) => !open)
    const end = Math.min(from + longest, next === undefined ? Number.POSITIVE_INFINITY : countsFrom(next))
    const undecided = later.some((other) => other.open && countsFrom(other) < end)
    return { from, until: Math.max(from, Math.min(end, now)), open: undecided || end > now }
  })
}
