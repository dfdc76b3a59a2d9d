import type { ForecastSnapshot, Surge } from '../../forecast/contract.ts'
import type { HarmEvidence } from '../../telemetry/contract.ts'
import type { Action, Purpose } from './action.ts'
import type { CapacitySnapshot } from './capacity.ts'
import type { ControllerAdvice } from './control.ts'
import type { LearnedTime } from './learned.ts'
import type { PolicyInForce, PolicyResult } from './policy.ts'
import type { PriceTerms } from './price-terms.ts'
import type { SizeEvidence } from './right-size.ts'
import type { Compliance, RuleWorld } from './rule-world.ts'
import type { ShiftSchedule, WaitingWork } from './shift.ts'

/** What one set of actions would do. Money in USD per hour, risk as a probability, carbon in grams per hour. */
export type Effect = {
  replicas: number
  costPerHourUsd: number
  costChangePerHourUsd: number
  /** The most that is paid at once while the actions are on their way; absent: the larger of before and after. */
  peakCostPerHourUsd?: number
  carbonChangeGPerHour: number
  /** Probability that demand passes capacity within the planned span, without and with the actions. */
  sloRiskBefore: number
  sloRiskAfter: number
  /** p99 at the peak of the median forecast, without and with; null where the queue would not settle. */
  latencyP99MsBefore: number | null
  latencyP99MsAfter: number | null
  readyAtP50: string
  readyAtP90: string
}

export type Assessment = {
  actions: Action[]
  effect: Effect
  policyResults: PolicyResult[]
  confidence: number
  allowed: boolean
}

export type Alternative = Assessment & { label: string; kind: 'do-nothing' | 'less' | 'more' }

export const directions = ['up', 'down', 'move', 'stop'] as const
export type Direction = (typeof directions)[number]

/** Everything a proposal carries; frozen when it is made, recomputed as a whole when it is overridden. */
export type PlanContent = Assessment & {
  /** Of the leading pool; *move*: capacity goes from one pool to another; *stop*: a job is suspended or cancelled. */
  direction: Direction
  /** Why the actions belong together; absent: *capacity* of one pool. */
  purpose?: Purpose
  /** What takes the actions back, in reverse order; null where one of them cannot be. Absent: swap from and to. */
  inverse?: Action[] | null
  /** One line: what, where, why. */
  summary: string
  /** Plain sentences, most important first. */
  reasons: string[]
  alternatives: Alternative[]
  /** Where published rules refuse the plan or held it back; absent: they do neither. */
  compliance?: Compliance
  actBy: string
  expiresAt: string
  evidence: {
    forecast: ForecastSnapshot
    surge: Surge | null
    /** Why submissions are a loop and no demand; of a plan that stops one. */
    harm?: HarmEvidence
    /** How work is spread over hours; of a plan that lets it wait for a better one. */
    shift?: ShiftSchedule
    /** What replicas use of what they request; of a plan that changes it. */
    size?: SizeEvidence
    /** The leading pool: the one that the headline, the risk and the chart are about. */
    capacity: CapacitySnapshot
    /** The others that the actions touch or that share the demand. */
    otherPools?: CapacitySnapshot[]
    policy: PolicyInForce
    /** Policies of the other workloads that the actions touch. */
    otherPolicies?: { workloadId: string; version: number }[]
    /** Version of the published rules that the plan was held against; absent: none was published. */
    ruleSetVersion?: number
    prices: PriceTerms[]
    objectiveP99Ms: number
    /** Quantile served, 1 − κ/p, and the demand it stands for at the planned lead. */
    servedQuantile: number
    demandAtQuantile: number
    provisioningLeadSeconds: number
    approvalLeadSeconds: number
    /** What the approval lead was learned from; absent where the policy's own is counted. */
    approval?: LearnedTime
    /** What the controller of the pool asked for, and who is in control of it; absent: none runs. */
    controller?: ControllerAdvice
    /** How far ahead the level, the risk and the latency look: lead, approval time and the hold after them. */
    planningSpanSeconds: number
    plannedLead: number
  }
}

/** Whether a plan is one of several actions, or of another kind than the scaling of one pool: judged as a saga. */
export function isSaga({ purpose, inverse }: Pick<PlanContent, 'purpose' | 'inverse'>): boolean {
  return purpose !== undefined || inverse !== undefined
}

/** Pure input of the decision for one pool; `now` is when the plan is made. */
export type PlanInput = {
  now: string
  workload: {
    id: string
    name: string
    title: string
    requiredSecurityTier: number
    objectiveP99Ms: number
    stepSeconds: number
    unit: string
    /** What kind of work it is, and how much of it an interruption costs; absent: a service, which loses none. */
    kind?: 'inference' | 'training' | 'batch'
    reworkSeconds?: number | null
    /** Share of the demand by region of its users; absent: not stated. */
    userShares?: Record<string, number>
  }
  forecast: ForecastSnapshot
  capacity: CapacitySnapshot
  /** The workload's other pools, as last observed. */
  otherPools: CapacitySnapshot[]
  /** Pools of other workloads at the same offerings, which take of their quotas; absent: whoever takes of them is an input too. */
  beside?: CapacitySnapshot[]
  policy: PolicyInForce
  /** How long people take to decide, as learned; absent: as the policy declares. */
  approval?: LearnedTime
  /** What the controller of the leading pool asks for; absent: none runs. */
  controller?: ControllerAdvice
  /** Published rules and what they are held against; absent: none apply. */
  rules?: RuleWorld
  /** What waits in the queue, oldest first; absent: not measured, or the work may not wait for a better hour. */
  waiting?: WaitingWork[]
  /** When capacity of this pool was last changed by us; null if never. */
  lastChangeAt: string | null
  /** Newest measured step of the demand signal; null if there is none, or the newest cannot be believed. */
  lastSampleAt: string | null
  /** Whether a rise waits for a decision: it is not taken back because the forecast wavers. */
  riseWaits: boolean
}

export type PlanOutcome = { kind: 'propose'; content: PlanContent } | { kind: 'hold'; reason: string }
