import { z } from 'zod'

/** The product's own policy, the baselines, and the two optima that know what comes. */
export const REPLAY_POLICIES = [
  'infrasage',
  'hpa',
  'hpa-offered',
  'hpa-tuned',
  'kpa',
  'static',
  'reactive-floor',
  'clairvoyant',
  'clairvoyant-slo',
] as const
export type ReplayPolicy = (typeof REPLAY_POLICIES)[number]

/** What a policy is called on a page, and one sentence about it. */
export const REPLAY_POLICY_WORDS: Record<ReplayPolicy, { title: string; what: string }> = {
  infrasage: {
    title: 'InfraSage',
    what: 'Forecasts demand over lead and approval time and serves its quantile.',
  },
  hpa: { title: 'Kubernetes HPA', what: 'Horizontal pod autoscaler on CPU, as it ships.' },
  'hpa-offered': { title: 'HPA on requests', what: 'The same on offered load, which does not saturate.' },
  'hpa-tuned': {
    title: 'HPA, tuned',
    what: 'On offered load, with the target and the stabilisation that cost least before the window.',
  },
  kpa: {
    title: 'Knative KPA',
    what: 'Knative pod autoscaler on requests per second, without scaling to zero.',
  },
  static: {
    title: 'Static peak',
    what: 'As many replicas as nearly the highest demand before the window asks for, always.',
  },
  'reactive-floor': {
    title: 'HPA over a forecast',
    what: 'The tuned autoscaler with a forecast of demand as its floor.',
  },
  clairvoyant: {
    title: 'Optimum',
    what: 'The least cost there could have been, with demand and lead times known.',
  },
  'clairvoyant-slo': {
    title: 'Optimum within the objective',
    what: 'The same, and every step within the objective where lead time allows it.',
  },
}

/** Steps of demand, history included, that one replay may take: 30 days of one-minute steps and as many before them. */
export const MOST_REPLAY_STEPS = 90_000

/** A past window [from, to) of a workload's own telemetry. */
export const replayRequest = z.strictObject({
  workloadId: z.uuid(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
})
export type ReplayRequest = z.infer<typeof replayRequest>

/** Which workloads can be replayed, and over what. */
export type ReplayChoice = {
  workload: { id: string; name: string; title: string; environment: string; stepSeconds: number }
  /** First and last measured step of its demand; null before the first. */
  measuredFrom: string | null
  measuredTo: string | null
  /** Why it cannot be replayed, in a sentence; null if it can. */
  obstacle: string | null
}

/** What every policy of a replay was held to. Prices in USD. */
export type ReplayTerms = {
  poolId: string
  domainTitle: string
  hardwareClass: string
  /** Units per second of one replica within the objective, and when it is busy all the time. */
  capacityPerReplica: number
  fullCapacityPerReplica: number
  unit: string
  /** Of a replica; the mean over the window where the price has a profile of the day. */
  pricePerReplicaHourUsd: number
  /** Cost of a replica-hour short over its price. */
  penaltyRatio: number
  objectiveP99Ms: number
  minReplicas: number
  maxReplicas: number
  leadTimeP50Seconds: number
  leadTimeP90Seconds: number
  /** Decision to order of the product's own policy, which waits for a person; all others order at once. */
  approvalLeadSeconds: number
  powerKw: number
  /** Mean over the window. */
  carbonGPerKwh: number
}

/** What one policy would have done, cost and served over the window. Money in USD. */
export type ReplayOutcome = {
  policy: ReplayPolicy
  /** How it was set up, such as a tuned target; empty if there is nothing to say. */
  note: string
  /** Replicas paid, replica-hours short at the penalty, and starts and removals. */
  infraCostUsd: number
  penaltyCostUsd: number
  churnCostUsd: number
  totalCostUsd: number
  /** Over the total of the optimum; null where that is 0. */
  totalVsOptimum: number | null
  /** Demand-weighted. */
  latencyP99Ms: number
  violationShareDemand: number
  violationShareTime: number
  /** Units that came back later than the objective, and their share. */
  lateUnits: number
  lateShare: number
  replicaHours: number
  carbonKg: number
  starts: number
  removals: number
  meanReady: number
  peakReady: number
}

/** One setting of one policy: what was paid against how fast it served. */
export type ParetoPoint = {
  policy: ReplayPolicy
  /** The setting in words, such as "target 50%" or "p/κ 40". */
  setting: string
  /** Money that changes hands: replicas and churn, without the penalty. */
  paidCostUsd: number
  totalCostUsd: number
  latencyP99Ms: number
  violationShareDemand: number
  /** Whether this is the setting of the policy's row in `outcomes`. */
  inForce: boolean
  /** No point of any policy that decides from the past alone is at least as cheap and as fast, and better in one. */
  efficient: boolean
}

/** One span of the window, for a chart: demand at its highest, replicas at their mean. */
export type ReplayMoment = {
  at: string
  /** Units per second; null where nothing was measured. */
  demand: number | null
  ready: Partial<Record<ReplayPolicy, number>>
}

/** A replay of every policy over one window: same lead times, prices, latency formula and accounting for all. */
export type ReplayReport = {
  workload: { id: string; name: string; title: string }
  from: string
  to: string
  stepSeconds: number
  /** Steps of the window, those of them without a measurement, and steps before it that policies learned from. */
  steps: number
  gapSteps: number
  historySteps: number
  /** Pools that share the demand and are left out: the leading pool alone is replayed, over all of it. */
  otherPools: number
  terms: ReplayTerms
  /** In the order of `REPLAY_POLICIES`, without what was skipped. */
  outcomes: ReplayOutcome[]
  skipped: { policy: ReplayPolicy; reason: string }[]
  pareto: ParetoPoint[]
  momentSeconds: number
  moments: ReplayMoment[]
}
