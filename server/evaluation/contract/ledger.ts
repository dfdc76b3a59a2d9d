import { z } from 'zod'

/** Decisions that are worth something by themselves: carried out, or kept from being carried out. */
export const ledgerKinds = ['approve', 'override', 'reject', 'expire'] as const
export type LedgerKind = (typeof ledgerKinds)[number]

/** The longest that one decision is held to account, unless another one follows earlier. */
export const ledgerSpanHours = 6

/** What one course of set-points would have cost over the span. Penalty: what the policy takes a shortfall for. */
export type CourseOutcome = {
  infraUsd: number
  penaltyUsd: number
  shortReplicaHours: number
  /** Minutes whose modelled p99 is beyond the objective. */
  violationMinutes: number
  carbonG: number
}

/** The other course less the one taken: above zero the decision saved it. `costUsd`: capacity and penalty. */
export type Worth = {
  costUsd: number
  shortReplicaHours: number
  violationMinutes: number
  carbonG: number
}

/** What the figures of an entry rest on. */
export type LedgerGrounds = {
  /** Order to ready, of every course. */
  leadTimeSeconds: number
  leadTimeIs: 'measured' | 'learned' | 'declared'
  /** Where the model of latency has its numbers from. */
  latencyIs: 'telemetry' | 'declared' | 'assumed'
  /** *hpa*: an autoscaler on offered load. *hold*: nothing reacts here, so it is held against doing nothing. */
  reactiveIs: 'hpa' | 'hold'
  stepSeconds: number
  /** Steps of the span that are accounted, and how many of them were not measured and count for nothing. */
  steps: number
  unmeasuredSteps: number
}

/** One decision held against the reactive autoscaler and, where it differs, against the proposal as it was made. */
export type LedgerFigures = {
  taken: CourseOutcome
  reactive: CourseOutcome
  /** Null where what was proposed is what was done. */
  proposed: CourseOutcome | null
  vsReactive: Worth
  vsProposed: Worth | null
  grounds: LedgerGrounds
}

export type LedgerEntryView = LedgerFigures & {
  decisionId: string
  decisionNumber: number
  proposalId: string
  proposalNumber: number
  kind: LedgerKind
  workload: { id: string; name: string; title: string; environment: string }
  /** Whose choice it was: of an override, who put the numbers forward. */
  who: string
  reason: string | null
  summary: string
  /** The span that is accounted; `final`: it is over and measured, and the entry never changes again. */
  from: string
  until: string
  final: boolean
}

/** An entry with what it is read beside. */
export type LedgerEntryDetail = LedgerEntryView & {
  /** Minutes of the span whose measured p99 is beyond the objective; null where none was measured. The courses' are modelled. */
  measuredLateMinutes: number | null
  /** End of the surge that it was about, where the next decision ended the span before it: the rest of its use is not counted. */
  cutBeforeSurgeEnd: string | null
}

/** Sums over entries. `overridden`: the sums against the proposal, over those entries that differ from it. */
export type LedgerTotals = {
  entries: number
  provisional: number
  vsReactive: Worth
  overridden: { entries: number; vsProposed: Worth }
}

export const ledgerQuery = z.object({
  workloadId: z.uuid().optional(),
  userId: z.uuid().optional(),
  kind: z.enum(ledgerKinds).array().optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  beforeNumber: z.number().int().positive().max(2_147_483_647).optional(),
  limit: z.number().int().min(1).max(200).default(50),
})
export type LedgerQuery = z.input<typeof ledgerQuery>

/** Newest first. The sums are over all that matches, not over the page. `nextBeforeNumber`: give it for the page after. */
export type LedgerPage = {
  rows: LedgerEntryView[]
  nextBeforeNumber: number | null
  totals: LedgerTotals
  byWorkload: (LedgerTotals & { workload: LedgerEntryView['workload'] })[]
  /** Who decided anything in the ledger, for the filter. */
  people: { userId: string; name: string }[]
}

export const ofDecisionInput = z.object({ decisionId: z.uuid() })
