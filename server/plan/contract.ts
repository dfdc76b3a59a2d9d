import { z } from 'zod'
import type { ForecastSnapshot, Surge } from '../forecast/contract.ts'

/** The bounds that an admin sets for one workload; `version` rises with every change. */
export const policyValues = z
  .object({
    minReplicas: z.number().int().min(0).max(100_000),
    maxReplicas: z.number().int().min(1).max(100_000),
    maxStepUp: z.number().int().min(1).max(100_000),
    maxStepDown: z.number().int().min(1).max(100_000),
    costLimitPerHourUsd: z.number().positive(),
    /** Regions of domains that may hold the workload; at least one. */
    allowedRegions: z.array(z.string().min(1)).min(1),
    penaltyRatio: z.number().gt(1).max(10_000),
    surgeProbability: z.number().gt(0).lt(1),
    approvalLeadSeconds: z.number().int().min(0).max(86_400),
    scaleDownCooldownSeconds: z.number().int().min(0).max(86_400),
    /** *observe*: forecasts only. *approve*: proposals that a person decides. */
    automationLevel: z.enum(['observe', 'approve']),
  })
  .refine((policy) => policy.minReplicas <= policy.maxReplicas, {
    message: 'the minimum must not exceed the maximum',
    path: ['minReplicas'],
  })
export type PolicyValues = z.infer<typeof policyValues>
export type PolicyInForce = PolicyValues & { version: number }

/** One pool as last observed, with the place and price it stands in. */
export type CapacitySnapshot = {
  poolId: string
  targetId: string
  targetName: string
  adapter: 'sandbox' | 'kubernetes'
  domain: {
    id: string
    name: string
    title: string
    kind: 'on_premise' | 'cloud' | 'edge'
    region: string
    jurisdiction: string
    securityTier: number
    carbonGPerKwh: number
  }
  offering: {
    id: string
    hardwareClass: string
    market: 'on_demand' | 'spot' | 'reserved' | 'owned'
    pricePerReplicaHourUsd: number
    powerKw: number
    leadTimeP50Seconds: number
    leadTimeP90Seconds: number
    quotaReplicas: number
  }
  capacityPerReplica: number
  desiredReplicas: number
  readyReplicas: number
  /** Changes whenever anyone changes what the target is asked to be; part of what an approval binds. */
  observedVersion: string
  observedAt: string
}

/** An absolute set-point. `fromReplicas` is what was observed, for people and for the inverse. */
export type ScaleAction = {
  kind: 'scale'
  poolId: string
  targetId: string
  targetName: string
  domainName: string
  region: string
  hardwareClass: string
  fromReplicas: number
  toReplicas: number
}
export type Action = ScaleAction

export type Enforcement = 'advisory' | 'soft-mandatory' | 'hard-mandatory'

/** One rule, held against one plan. `message` says it in words, with the numbers. */
export type PolicyResult = {
  rule:
    | 'min-replicas'
    | 'max-replicas'
    | 'step-limit'
    | 'cost-limit'
    | 'allowed-region'
    | 'security-tier'
    | 'quota'
    | 'telemetry-fresh'
  enforcement: Enforcement
  passed: boolean
  limit: string
  actual: string
  message: string
}

/** What one set of actions would do. Money in USD per hour, risk as a probability, carbon in grams per hour. */
export type Effect = {
  replicas: number
  costPerHourUsd: number
  costChangePerHourUsd: number
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

/** Everything a proposal carries; frozen when it is made, recomputed as a whole when it is overridden. */
export type PlanContent = Assessment & {
  direction: 'up' | 'down'
  /** One line: what, where, why. */
  summary: string
  /** Plain sentences, most important first. */
  reasons: string[]
  alternatives: Alternative[]
  actBy: string
  expiresAt: string
  evidence: {
    forecast: ForecastSnapshot
    surge: Surge | null
    capacity: CapacitySnapshot
    policy: PolicyInForce
    prices: { offeringId: string; pricePerReplicaHourUsd: number }[]
    objectiveP99Ms: number
    /** Quantile served, 1 − κ/p, and the demand it stands for at the planned lead. */
    servedQuantile: number
    demandAtQuantile: number
    provisioningLeadSeconds: number
    approvalLeadSeconds: number
    /** How far ahead the level, the risk and the latency look: lead, approval time and the hold after them. */
    planningSpanSeconds: number
    plannedLead: number
  }
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
  }
  forecast: ForecastSnapshot
  capacity: CapacitySnapshot
  policy: PolicyInForce
  /** When capacity of this pool was last changed by us; null if never. */
  lastChangeAt: string | null
  /** Newest measured step of the demand signal; null if there is none, or the newest cannot be believed. */
  lastSampleAt: string | null
  /** Whether a rise waits for a decision: it is not taken back because the forecast wavers. */
  riseWaits: boolean
}

export type PlanOutcome = { kind: 'propose'; content: PlanContent } | { kind: 'hold'; reason: string }

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use a–z, 0–9 and "-", at most 63')

/** A place that can run things. Carbon intensity in grams of CO₂ per kilowatt-hour. */
export const domainInput = z.object({
  name: slug,
  title: z.string().min(1).max(100),
  kind: z.enum(['on_premise', 'cloud', 'edge']),
  region: z.string().min(1).max(63),
  jurisdiction: z.string().min(2).max(63),
  securityTier: z.number().int().min(1).max(5),
  carbonGPerKwh: z.number().min(0).max(2_000),
  sandbox: z.boolean().default(false),
})
export type DomainInput = z.input<typeof domainInput>

/** What a domain sells. Lead times are quantiles of order to ready. */
export const offeringInput = z
  .object({
    domainId: z.uuid(),
    hardwareClass: z.string().min(1).max(63),
    market: z.enum(['on_demand', 'spot', 'reserved', 'owned']),
    pricePerReplicaHourUsd: z.number().positive().max(10_000),
    powerKw: z.number().min(0).max(1_000),
    leadTimeP50Seconds: z.number().int().min(0).max(86_400),
    leadTimeP90Seconds: z.number().int().min(0).max(86_400),
    interruptionRatePerHour: z.number().min(0).max(1).default(0),
    quotaReplicas: z.number().int().min(0).max(100_000),
  })
  .refine((offering) => offering.leadTimeP50Seconds <= offering.leadTimeP90Seconds, {
    message: 'the median lead time must not exceed its 90% quantile',
    path: ['leadTimeP50Seconds'],
  })
export type OfferingInput = z.input<typeof offeringInput>

/** `capacityPerReplica`: units of the demand signal that one ready replica serves within the objective. */
export const poolInput = z.object({
  workloadId: z.uuid(),
  offeringId: z.uuid(),
  targetId: z.uuid(),
  capacityPerReplica: z.number().positive(),
})
export type PoolInput = z.input<typeof poolInput>

/** What may change of a domain later: its name is what people and files know it by. */
export const domainUpdate = z.strictObject({
  id: z.uuid(),
  ...domainInput.omit({ name: true, sandbox: true }).partial().shape,
})
export type DomainUpdate = z.infer<typeof domainUpdate>

const { domainId: _, hardwareClass: __, market: ___, interruptionRatePerHour, ...terms } = offeringInput.shape
/** What may change of an offering later; hardware and market say which one it is. */
export const offeringUpdate = z.strictObject({
  id: z.uuid(),
  ...z.object({ ...terms, interruptionRatePerHour: interruptionRatePerHour.unwrap() }).partial().shape,
})
export type OfferingUpdate = z.infer<typeof offeringUpdate>

/** What may change of a pool later; it keeps its workload and its target, which approvals are bound to. */
export const poolUpdate = z.strictObject({
  id: z.uuid(),
  ...poolInput.pick({ offeringId: true, capacityPerReplica: true }).partial().shape,
})
export type PoolUpdate = z.infer<typeof poolUpdate>

export type OfferingView = z.output<typeof offeringInput> & { id: string }
export type DomainView = z.output<typeof domainInput> & { id: string; offerings: OfferingView[] }
