import { z } from 'zod'
import type { ActionKind } from '../../plan/contract.ts'
import type { Origin } from '../approval-rules/contract.ts'

const why = z.string().trim().min(3, 'say why in at least three characters').max(2_000)

/** How what it denies holds; there is no advisory engine: what is only to be shown is no gate. */
export const engineEnforcements = ['hard-mandatory', 'soft-mandatory'] as const
export type EngineEnforcement = (typeof engineEnforcements)[number]

export const engineSettings = z.strictObject({
  /** The document that is asked for, such as `https://opa.example.org/v1/data/infrasage/allow`. */
  url: z.string().trim().min(1, 'give the address of a document').max(2_000),
  /** Sent as `Authorization: Bearer …`; left out: the one that is kept, null: none. */
  token: z
    .string()
    .max(4_000)
    .regex(/^[\x21-\x7e]+$/, 'use printable ASCII without spaces')
    .nullable()
    .optional(),
  timeoutMs: z.number().int().min(100).max(5_000).default(2_000),
  enforcement: z.enum(engineEnforcements).default('hard-mandatory'),
})
export type EngineSettings = z.infer<typeof engineSettings>

/** `basedOn`: version that was on the screen; 0 before the first. Another one by now is a conflict. */
const change = { reason: why, basedOn: z.number().int().min(0) }
export const setPolicyEngineInput = engineSettings.extend(change)
export type SetPolicyEngineInput = z.input<typeof setPolicyEngineInput>
export const removePolicyEngineInput = z.strictObject(change)
export type RemovePolicyEngineInput = z.infer<typeof removePolicyEngineInput>
/** `settings`: to be tried before they are put in force; left out: those in force. */
export const testPolicyEngineInput = z.strictObject({ settings: engineSettings.optional() })
export type TestPolicyEngineInput = z.input<typeof testPolicyEngineInput>

/** How the engine stands; its token is never shown. */
export type PolicyEngineView = {
  version: number
  /** Null: no engine is asked. */
  engine: {
    url: string
    hasToken: boolean
    timeoutMs: number
    enforcement: EngineEnforcement
  } | null
  updatedAt: string | null
  /** Newest answers of this version, the newest first. */
  recent: EngineVerdictView[]
}

/** For what the engine is asked: when a plan is made; at each kind of decision; before it is carried out. */
export const engineDecisions = ['propose', 'approve', 'counter', 'override', 'rollback', 'dispatch'] as const
export type EngineDecision = (typeof engineDecisions)[number]

export type EngineApprover =
  | { kind: 'person'; id: string; roles: string[]; groups: string[] }
  | { kind: 'rule'; name: string }

/** Another version of it changes what a policy may rely on; see docs/policy.md. */
export const engineInputFormat = 'infrasage-policy-input/1'

/** `input` of a question. Nothing of it depends on the moment: the same matter is the same question, byte for byte. */
export type EngineQuestion = {
  format: typeof engineInputFormat
  decision: EngineDecision
  proposal: {
    id: string
    /** Null for a rollback that is being asked for: it has none before it is allowed. */
    number: number | null
    origin: Origin
    /** Number of the proposal whose effect is taken back. */
    rollbackOf: number | null
    purpose: string
    summary: string
  }
  workload: EngineWorkload
  /** Every workload whose capacity is changed, this one included. */
  touched: EngineWorkload[]
  actions: {
    kind: ActionKind
    stage: number
    workload: string
    target: string
    /** `before` and `after` in this. */
    unit: string
    before: number
    after: number
    domain: string
    region: string
    jurisdiction: string | null
    securityTier: number | null
    offering: { hardwareClass: string; market: string | null; pricePerReplicaHourUsd: number | null }
  }[]
  cost: { perHourUsd: number; changePerHourUsd: number; peakPerHourUsd: number | null }
  carbonChangeGPerHour: number
  sloRisk: { before: number; after: number }
  confidence: number
  /** Who said yes so far, the asking one last; empty while nobody did. */
  approvers: EngineApprover[]
  contentHash: string
  policyVersion: number
  /** 0: no rules are published. */
  ruleSetVersion: number
}

export type EngineWorkload = { name: string; team: string; environment: string; dataClassification: string }

/** *none*: nothing that can be used came back, and `problem` says what was wrong and what would be right. */
export type EngineAnswer = { kind: 'allow' | 'deny'; reasons: string[] } | { kind: 'none'; problem: string }

export type EngineVerdictView = {
  id: string
  engineVersion: number
  decision: EngineDecision
  proposalId: string
  contentHash: string
  questionHash: string
  outcome: 'allow' | 'deny' | 'none'
  reasons: string[]
  problem: string | null
  /** All of it in one sentence. */
  text: string
  tookMs: number
  at: string
}

/** What the engine in force says of a proposal as it is; `verdict` null: it was not asked about this content yet. */
export type EngineStanding = {
  engineVersion: number
  enforcement: EngineEnforcement
  verdict: EngineVerdictView | null
}

/** What a trial asked and what came back; nothing of it counts. `about`: whether a proposal that waits was asked about. */
export type PolicyEngineTrial = {
  ok: boolean
  about: 'proposal' | 'sample'
  text: string
  tookMs: number
  question: EngineQuestion
  answer: EngineAnswer
}
