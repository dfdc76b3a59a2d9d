import { hourlyBursts, inferenceSignals } from '../scenes/parts.ts'
import type { Script } from '../scenes/script.ts'

const place = { domain: 'quiet-cloud', market: 'on_demand' as const }
const offering = {
  ...{ market: 'on_demand' as const, powerKw: 0.3, quotaReplicas: 20 },
  ...{ leadTimeP50Seconds: 20, leadTimeP90Seconds: 40 },
}
const workload = {
  ...{ kind: 'inference' as const, environment: 'scenes', team: 'test' },
  ...{ requiredSecurityTier: 2, stepSeconds: 60, demandSignal: 'requests_per_second' as const },
  ...{ objectiveP99Ms: 2_000, dataClassification: 'internal' as const },
}
const policy = {
  ...{ minReplicas: 2, maxReplicas: 30, maxStepUp: 20, maxStepDown: 20, costLimitPerHourUsd: 60 },
  ...{ allowedRegions: ['quiet-1'], penaltyRatio: 30, surgeProbability: 0.3, approvalLeadSeconds: 60 },
  ...{ scaleDownCooldownSeconds: 300, automationLevel: 'approve' as const },
}
const queue = {
  ...{ throughputPerReplica: 11.5, slotsPerReplica: 10, serviceP99Ms: 800, timeoutSeconds: 30 },
  workPerItem: 1,
}
const past = { everySeconds: 900, utilization: 0.7, minReplicas: 5 }

/** Replicas on nodes that do not hold a burst, and replicas that use less than half of what they request. */
export const governedScript: Script = {
  ...{
    name: 'governed',
    title: 'Governed pools',
    story: 'For a test.',
    sees: ['Both.'],
    proposalAfterMinutes: 2,
  },
  scene: {
    ...{ seed: 21, historyDays: 1.1, sampleSeconds: 60, sharedQuotas: true },
    domains: [
      {
        ...{ name: 'quiet-cloud', title: 'Quiet Cloud', kind: 'cloud', region: 'quiet-1' },
        ...{ jurisdiction: 'EU', securityTier: 3, carbonGPerKwh: 100 },
        offerings: [
          { ...offering, hardwareClass: 'L4', pricePerReplicaHourUsd: 1.2 },
          {
            ...{ ...offering, hardwareClass: '4×L4 node', pricePerReplicaHourUsd: 4.4 },
            ...{ leadTimeP50Seconds: 40, leadTimeP90Seconds: 70, quotaReplicas: 4 },
          },
        ],
      },
    ],
    workloads: [
      {
        workload: { ...workload, name: 'on-nodes', title: 'On nodes' },
        ...{ policy, queue, pastScaling: past, tokensPerRequest: null, signals: inferenceSignals },
        pool: {
          ...{ ...place, hardwareClass: 'L4', capacityPerReplica: 10, initialReplicas: 6 },
          target: { target: 'on-nodes-pods' },
        },
        otherPools: [
          {
            ...{ ...place, hardwareClass: '4×L4 node', capacityPerReplica: 40, initialReplicas: 2 },
            ...{ control: 'nodes', governs: 'on-nodes-pods', perUnit: 4 },
            target: { target: 'on-nodes-machines' },
          },
        ],
        demand: { ...hourlyBursts, baseRate: 44, burstRate: 66 },
        openingRiseSeconds: 480,
      },
      {
        workload: { ...workload, name: 'oversized', title: 'Oversized' },
        ...{ policy, queue, pastScaling: { ...past, minReplicas: 4 }, tokensPerRequest: null },
        signals: [...inferenceSignals, 'memory_utilization_ratio'],
        pool: {
          ...{ ...place, hardwareClass: 'L4', capacityPerReplica: 10, initialReplicas: 4 },
          target: { target: 'oversized-pods' },
        },
        otherPools: [
          {
            ...{ ...place, hardwareClass: 'L4', capacityPerReplica: 1, initialReplicas: 100 },
            ...{ control: 'size', governs: 'oversized-pods', perUnit: 0.4 },
            target: { target: 'oversized-size' },
          },
        ],
        demand: { ...hourlyBursts, baseRate: 33, burstRate: 1 },
        openingRiseSeconds: null,
      },
    ],
  },
}
