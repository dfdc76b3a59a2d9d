import { z } from 'zod'
import type { Enforcement, RuleKind } from './rules.ts'

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
    /** What a kilogram of CO₂ counts beside money when places are compared; 0: nothing. */
    carbonPriceUsdPerKg: z.number().min(0).max(100).default(0),
    /**
     * *observe*: forecasts only. *recommend*: proposals that nobody can approve. *approve*: proposals that people decide.
     * *automatic*: rules may decide within their bounds, where it was earned. The most conservative of this and of all rules wins.
     */
    automationLevel: z.enum(['observe', 'recommend', 'approve', 'automatic']),
  })
  .refine((policy) => policy.minReplicas <= policy.maxReplicas, {
    message: 'the minimum must not exceed the maximum',
    path: ['minReplicas'],
  })
export type PolicyValues = z.infer<typeof policyValues>
export type PolicyInForce = PolicyValues & { version: number }

/** The bounds of a workload's own policy: always hard-mandatory. */
export type BoundName =
  | 'min-replicas'
  | 'max-replicas'
  | 'step-limit'
  | 'cost-limit'
  | 'allowed-region'
  | 'security-tier'
  | 'quota'
  | 'node-room'
  | 'telemetry-fresh'

/** One rule, held against one plan. `message` says it in words, with the numbers. */
export type PolicyResult = {
  /** *policy-engine*: the engine of the operator's own, which is asked when something is decided. */
  rule: BoundName | RuleKind | 'policy-engine'
  /** Which published rule of that kind; absent: a bound of the workload's own policy. */
  name?: string
  enforcement: Enforcement
  passed: boolean
  limit: string
  actual: string
  message: string
}
