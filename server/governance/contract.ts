import { z } from 'zod'
import {
  type Action,
  actionKinds,
  type PlanContent,
  type PolicyInForce,
  policyValues,
} from '../plan/contract.ts'
import type {
  ApprovalGiven,
  ApprovalStanding,
  AutomationStanding,
  ClauseStanding,
  CounterView,
  FailSafeStanding,
} from './approval-rules/contract.ts'
import type { ApprovalBinding } from './contract/binding.ts'
import {
  batchSize,
  type DispatchStateName,
  type ProposalRow,
  type ProposalStateName,
} from './contract/inbox.ts'
import type { RehearsedAction } from './contract/rehearsal.ts'
import type { EngineStanding, EngineVerdictView } from './policy-engine/contract.ts'
import type { Waiver } from './rules/contract.ts'

export * from './approval-rules/contract.ts'
export * from './autonomy/contract.ts'
export * from './base-model/contract.ts'
export * from './break-glass/contract.ts'
export * from './contract/binding.ts'
export * from './contract/inbox.ts'
export * from './contract/rehearsal.ts'
export * from './kill-switch/contract.ts'
export * from './policy-engine/contract.ts'
export * from './rules/contract.ts'

/**
 * *endorse*: a yes that does not complete what the rules of approval ask for. *counter*: other set-points than proposed, put before
 * somebody else; *override* is the approval of it. *undo*: an approval taken back before it was carried out. *hold*: the
 * deadline passed, and what is declared for it is that nothing happens.
 */
export const decisionKinds = [
  'approve',
  'override',
  'reject',
  'expire',
  'supersede',
  'void',
  'endorse',
  'counter',
  'undo',
  'hold',
] as const
export type DecisionKindName = (typeof decisionKinds)[number]

/** What the deciding person saw: sent back with the decision, so that a change in between is noticed. */
const seen = {
  proposalId: z.uuid(),
  revision: z.number().int().positive(),
  contentHash: z.string().regex(/^[0-9a-f]{64}$/),
}
const reason = z.string().trim().min(3, 'say why in at least three characters').max(2_000)

/** Why soft-mandatory rules give way this once; for holders of `policy.waive`. */
const waiver = reason.optional()

/**
 * When an approval may be carried out: from `notBefore` (absent: at once) until `notAfter`, after which it is void. All that is
 * bound is checked again at that time.
 */
export const runWindow = z
  .strictObject({ notBefore: z.iso.datetime().optional(), notAfter: z.iso.datetime() })
  .refine(
    ({ notBefore, notAfter }) => notBefore === undefined || Date.parse(notBefore) < Date.parse(notAfter),
    {
      message: 'must be after its start',
      path: ['notAfter'],
    },
  )
export type RunWindow = z.infer<typeof runWindow>

export const approveInput = z.object({
  ...seen,
  note: z.string().trim().max(2_000).optional(),
  waiver,
  window: runWindow.optional(),
})
/** Takes an approval back while it is not carried out: within the hold, or before its window. */
/** `reason`: a hold is seconds long, so none is asked for. */
export const undoInput = z.object({
  decisionId: z.uuid(),
  reason: reason.default('Undone before it was carried out.'),
})
export type UndoInput = z.input<typeof undoInput>
export const rejectInput = z.object({ ...seen, reason })
const replicas = z.number().int('replicas are whole').min(0).max(100_000)
/**
 * What a person sets instead: `toReplicas` where the plan has one action, `setPoints` for any; what is left out stays. `kind`: what is
 * done to the target instead, of those that the proposal or one of its alternatives does to it.
 */
const setPoints = {
  toReplicas: replicas.optional(),
  setPoints: z
    .array(z.strictObject({ targetId: z.uuid(), to: replicas, kind: z.enum(actionKinds).optional() }))
    .max(1_000)
    .optional(),
}
const oneOfBoth = (input: { toReplicas?: number; setPoints?: unknown[] }) =>
  (input.toReplicas === undefined) !== (input.setPoints === undefined)
const givesOne = { message: 'give either toReplicas or setPoints', path: ['setPoints'] }
export const previewOverrideShape = { proposalId: z.uuid(), ...setPoints, window: runWindow.optional() }
export const previewOverrideInput = z.object(previewOverrideShape).refine(oneOfBoth, givesOne)
/** `previewHash`: content hash of the preview that the person saw; the override is refused when a fresh one differs. */
export const overrideShape = {
  ...seen,
  ...setPoints,
  /** When it is to be carried out; whoever approves it may narrow that. */
  window: runWindow.optional(),
  previewHash: seen.contentHash,
  reason,
  waiver,
}
export const overrideInput = z.object(overrideShape).refine(oneOfBoth, givesOne)
export const rollbackInput = z.object({ proposalId: z.uuid(), reason, waiver })
/** Several proposals, each as it was seen, decided alike for one reason. */
export const decideBatchInput = z.object({
  verdict: z.enum(['approve', 'reject']),
  proposals: z
    .array(z.strictObject(seen))
    .min(1)
    .max(batchSize)
    .refine((list) => new Set(list.map(({ proposalId }) => proposalId)).size === list.length, {
      message: 'a proposal is there twice',
    }),
  reason,
})
export type DecideBatchInput = z.infer<typeof decideBatchInput>
export type ApproveInput = z.infer<typeof approveInput>
export type RejectInput = z.infer<typeof rejectInput>
export type PreviewOverrideInput = z.infer<typeof previewOverrideInput>
export type OverrideInput = z.infer<typeof overrideInput>
export const previewRollbackInput = rollbackInput.pick({ proposalId: true })
export type RollbackInput = z.infer<typeof rollbackInput>
export type PreviewRollbackInput = z.infer<typeof previewRollbackInput>

/** A plan to be put before the operators. `forecastId`: what it was made from, if it is kept. */
export type ProposeInput = { workloadId: string; forecastId: string | null; content: PlanContent }
/** What became of it. `held`: nothing is proposed while an approval of the workload is on its way. */
export type Proposed =
  | { kind: 'created' | 'kept'; proposalId: string }
  | { kind: 'superseded'; proposalId: string; supersededId: string }
  | { kind: 'held'; reason: string }

/** `basedOnVersion`: the version that the admin saw; 0 for the first. Another one in force is a conflict. */
export const setPolicyInput = z.object({
  workloadId: z.uuid(),
  values: policyValues,
  basedOnVersion: z.number().int().min(0),
  reason,
})
export type SetPolicyInput = z.infer<typeof setPolicyInput>
export type PolicyVersion = PolicyInForce & { reason: string; author: string; createdAt: string }
export type PolicyRow = {
  workload: { id: string; name: string; title: string; environment: string }
  policy: PolicyVersion | null
}

export type ProposalDetail = ProposalRow & {
  content: PlanContent
  /** Who said yes and who still has to. */
  approval: ApprovalStanding
  automation: AutomationStanding
  /** What the policy engine in force says of it as it is; null where none is asked. */
  engine: EngineStanding | null
  /** What happens if nobody decides; null unless it waits. */
  failSafe: FailSafeStanding | null
  /** Whose counter-proposal the content is, and what was proposed instead of it; null where it is as proposed. */
  counter:
    | (CounterView & {
        proposed: PlanContent
        difference: Difference
        mine: boolean
        window: { notBefore: string | null; notAfter: string } | null
      })
    | null
  /** How the newest approval is being carried out: `note` why not yet, or why not at all; `dead`: it waits for a person. Null before it begins. */
  carriedOut: { note: string | null; dead: boolean } | null
  /** The approval that can still be undone, and when it will be carried out; null where there is none. */
  undo: { decisionId: string; notBefore: string; notAfter: string | null } | null
  /** What the targets last said of its actions, by a dry run; empty while they were not asked. */
  rehearsal: RehearsedAction[]
  /** Policy version that is in force now; differs from the content's when the policy changed since. */
  policyVersionNow: number
  decisions: DecisionRow[]
  similar: { count: number; approved: number; overridden: number; rejected: number }
  /** Of one that was superseded. */
  successor: Successor | null
}

/** The newest proposal that took the place of another one, with what differs between two of them. */
export type Successor = {
  id: string
  number: number
  state: ProposalStateName
  actBy: string
  costChangePerHourUsd: number
  actions: Action[]
}

/** An override as it would be sent: everything recomputed, with the hash that the sender must repeat. */
export type OverridePreview = {
  content: PlanContent
  contentHash: string
  difference: Difference
  /** That demand passes what stands before a later start; null where it starts at once. */
  riskUntilStart: number | null
  /** Why nobody else could approve it once it is put forward, in words; null where somebody could. */
  outOfReach: string | null
}

/** A pool that the workload could be given capacity at instead. */
export type OverridePlace = {
  targetId: string
  targetName: string
  domain: string
  region: string
  hardwareClass: string
  market: string
  pricePerReplicaHourUsd: number
  leadTimeP90Seconds: number
  quotaReplicas: number
  capacityPerReplica: number
  desiredReplicas: number
}

/** A rule (`published`) or a bound that lets no pool of a workload take more; `message`: what it says of one more. */
export type HeldRise = { name: string; published: boolean; message: string }

/** What a person changed, field by field. */
export type Difference = { field: string; proposed: number; sent: number; unit: string }[]

export type DecisionRow = {
  id: string
  number: number
  proposalId: string
  proposalNumber: number
  kind: DecisionKindName
  workload: { id: string; name: string; title: string; environment: string }
  /** "Ann Operator (operator)" or "system: expiry" */
  who: string
  reason: string | null
  summary: string
  costChangePerHourUsd: number
  at: string
  dispatchState: DispatchStateName | null
}

export type DecisionDetail = DecisionRow & {
  /** The proposal as the person saw it, frozen. */
  seen: PlanContent
  /** What was sent: differs from `seen` for an override. */
  sent: PlanContent | null
  difference: Difference | null
  /** Soft-mandatory rules that the person let pass, and why. */
  waiver: Waiver | null
  binding: ApprovalBinding | null
  contentHash: string
  nonceUsedAt: string | null
  /** What the rules of approval asked for and who gave it, with roles and groups of that time; null unless it approves. */
  approval: ApprovalRecord | null
  /** Of an approval: not carried out before, and void after; null where nothing was chosen. */
  notBefore: string | null
  notAfter: string | null
  /** Whose broken glass made one approval enough; null where it did not. */
  breakGlassId: string | null
  /** All that a policy engine said of what was decided on, oldest first: what stood on the page, at the decision, before dispatch. */
  engineVerdicts: EngineVerdictView[]
  /** What the targets had said of the plan when it was decided; null where that was not kept yet. */
  rehearsal: RehearsedAction[] | null
}

/** What is kept with a complete approval. */
export type ApprovalRecord = { policyVersion: number; clauses: ClauseStanding[]; given: ApprovalGiven[] }

export const decisionQuery = z.object({
  kind: z.enum(decisionKinds).array().optional(),
  workloadId: z.uuid().optional(),
  environment: z.string().optional(),
  search: z.string().max(200).optional(),
  /** What the planner took back before anybody decided. */
  withdrawn: z.enum(['with', 'without']).default('with'),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  sort: z.enum(['at', 'costChangePerHourUsd']).default('at'),
  order: z.enum(['asc', 'desc']).default('desc'),
  beforeNumber: z.number().int().positive().max(2_147_483_647).optional(),
  limit: z.number().int().min(1).max(200).default(100),
})
export type DecisionQuery = z.input<typeof decisionQuery>
