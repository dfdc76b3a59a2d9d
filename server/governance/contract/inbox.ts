import { z } from 'zod'
import { type Direction, directions, type Purpose } from '../../plan/contract.ts'

export const proposalStates = ['waiting', 'approved', 'rejected', 'expired', 'superseded'] as const
export type ProposalStateName = (typeof proposalStates)[number]
/**
 * What becomes of an approved plan; written by dispatch, shown beside the decision. *rolling_back*, *rolled_back*: an action
 * failed, and what was applied before it is taken back, as the approval allows.
 */
export const dispatchStates = [
  'pending',
  'dispatching',
  'applied',
  'verified',
  'failed',
  'unknown',
  'void',
  'rolling_back',
  'rolled_back',
] as const
export type DispatchStateName = (typeof dispatchStates)[number]

/** *waitingCost*: what is expected to be lost by leaving them, as of the first page (`waitingCostUsd` of plan/contract.ts). */
export const proposalSorts = [
  'waitingCost',
  'actBy',
  'createdAt',
  'costChangePerHourUsd',
  'confidence',
] as const
export type ProposalSort = (typeof proposalSorts)[number]

export const proposalQuery = z.object({
  state: z.enum(proposalStates).array().optional(),
  workloadId: z.uuid().optional(),
  environment: z.string().optional(),
  /** What a proposal does to capacity. Not called `direction`, which infinite queries send along for the way they page. */
  change: z.enum(directions).optional(),
  /** What somebody put off: beside the others, left out, or alone. */
  snoozed: z.enum(['include', 'leave-out', 'only']).default('include'),
  search: z.string().max(200).optional(),
  sort: z.enum(proposalSorts).default('actBy'),
  /** Left out: what costs most to leave first, and everything else rising. */
  order: z.enum(['asc', 'desc']).optional(),
  /** `nextCursor` of the page before, as it was given. */
  cursor: z.string().max(500).optional(),
  limit: z.number().int().min(1).max(200).default(100),
})
export type ProposalQuery = z.input<typeof proposalQuery>

/** A row of the inbox. */
export type ProposalRow = {
  id: string
  number: number
  kind: 'scale' | 'rollback'
  /** Why its actions belong together. */
  purpose: Purpose
  state: ProposalStateName
  revision: number
  /** What a decision on it is bound to. */
  contentHash: string
  workload: { id: string; name: string; title: string; environment: string; kind: string }
  /** How many actions it has, and how many workloads they touch. */
  actionCount: number
  workloadCount: number
  summary: string
  direction: Direction
  fromReplicas: number
  toReplicas: number
  place: string
  confidence: number
  surgeProbability: number | null
  sloRiskBefore: number
  sloRiskAfter: number
  costChangePerHourUsd: number
  /** Expected cost of never acting minus that of the plan, over its planning span. */
  regretUsd: number
  /** Within how long people decide, nine times in ten. */
  decideSeconds: number
  surgeAt: string | null
  actBy: string
  expiresAt: string
  createdAt: string
  voidReason: string | null
  /** Of a counter-proposal: how the newest advice differs from what it was made against, in words; null while it does not. */
  newerAdvice: string | null
  /** Out of the inbox until then; null: it is in it. */
  snoozedUntil: string | null
  snoozedBy: string | null
  dispatchState: DispatchStateName | null
  /** Whether its numbers are a person's counter-proposal, which waits for somebody else. */
  countered: boolean
  /** How many people said yes to it as it is now, without completing what the rules of approval ask for. */
  endorsements: number
  /** Since when its deadline has passed, where it is declared to stay; null otherwise. */
  overdueSince: string | null
}

/** `until` at most the act-by time; null takes a snooze back. What was seen is not bound: nothing is decided. */
export const snoozeInput = z.object({ proposalId: z.uuid(), until: z.iso.datetime().nullable() })
export type SnoozeInput = z.infer<typeof snoozeInput>

/** How many proposals wait for a decision, and how many of those were put off. */
export type ProposalCounts = { waiting: number; snoozed: number }

/** At most this many are decided in one go. */
export const batchSize = 100

/**
 * What one batch comes to, proposal by proposal: `decisionId` where it went through, or why not. `complete`: false for a yes that
 * others have to join.
 */
export type BatchResult = {
  proposalId: string
  number: number
  workloadName: string
  decisionId: string | null
  complete: boolean
  refusal: string | null
}

/** The frozen numbers of a proposal as the newest forecast and the world of now would have them; its own stay as they are. */
export type ProposalToday =
  | {
      known: true
      at: string
      /** Last value that the newest forecast used. */
      forecastOrigin: string
      /** Whether that is the forecast that the proposal was made from. */
      sameForecast: boolean
      surgeProbability: number | null
      sloRiskBefore: number
      sloRiskAfter: number
      confidence: number
      costChangePerHourUsd: number
      regretUsd: number
    }
  | { known: false; why: string }

/**
 * What else shares the capacity that a proposal changes. *quota*: pools at the same offering, `used` and `after` of `limit`
 * replicas; *domain*: pools at the same place, of another offering; *rule*: workloads under the same shared limit of a rule.
 */
export type SharedCapacity = {
  kind: 'quota' | 'domain' | 'rule'
  name: string
  used: number | null
  after: number | null
  limit: number | null
  workloads: { id: string; name: string; title: string; environment: string; replicas: number | null }[]
}
