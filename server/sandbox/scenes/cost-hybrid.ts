import { inferenceSignals, pace } from './parts.ts'
import type { Script } from './script.ts'

const region = 'eu-north-no'
const team = { environment: 'scenes', dataClassification: 'internal', requiredSecurityTier: 2 } as const
/** A working day that takes one hour, so that both of its edges can be watched. */
const hourlyDay = {
  kind: 'diurnal' as const,
  morningHour: 8,
  morningWidthMinutes: 25,
  eveningHour: 20,
  eveningWidthMinutes: 25,
  weekdays: [1, 1, 1, 1, 1, 1, 1],
  noiseShare: 0.012,
  daySeconds: 3_600,
}

/** Owned GPUs that are idle off-peak, beside cloud GPUs that are paid for by the hour. */
export const costHybrid: Script = {
  name: 'cost-hybrid',
  title: 'Cost-sensitive hybrid',
  story: 'Off-peak the owned GPUs are idle, while work that can wait is paid for in the cloud.',
  sees: [
    'The day of the assistant ends (a day takes an hour here), and its owned GPUs have room.',
    'A proposal moves document indexing from cloud GPUs to owned ones: first there, then gone here.',
    'Before the next peak a second proposal brings it back, so that the assistant has its GPUs in time.',
  ],
  proposalAfterMinutes: 3,
  scene: {
    ...pace,
    // A day of an hour is a slower pattern than a burst: it has come 48 times.
    historyDays: 2,
    sampleSeconds: 15,
    seed: 57,
    domains: [
      {
        name: 'oslo-dc',
        title: 'Oslo data centre',
        kind: 'on_premise',
        region,
        jurisdiction: 'EEA',
        securityTier: 4,
        carbonGPerKwh: 28,
        offerings: [
          {
            hardwareClass: 'A100',
            market: 'owned',
            pricePerReplicaHourUsd: 0.62,
            powerKw: 0.42,
            leadTimeP50Seconds: 40,
            leadTimeP90Seconds: 70,
            quotaReplicas: 10,
          },
        ],
      },
      {
        name: 'helix-stockholm',
        title: 'Helix Cloud, Stockholm',
        kind: 'cloud',
        region: 'eu-north-se',
        jurisdiction: 'EU',
        securityTier: 3,
        carbonGPerKwh: 41,
        offerings: [
          {
            hardwareClass: 'A100',
            market: 'on_demand',
            pricePerReplicaHourUsd: 2.9,
            powerKw: 0.42,
            leadTimeP50Seconds: 60,
            leadTimeP90Seconds: 110,
            quotaReplicas: 20,
          },
        ],
      },
    ],
    workloads: [
      {
        workload: {
          ...team,
          name: 'shop-assistant',
          title: 'Shop assistant',
          kind: 'inference',
          team: 'shop',
          stepSeconds: 30,
          demandSignal: 'requests_per_second',
          objectiveP99Ms: 1_500,
        },
        policy: policy({ minReplicas: 2, maxReplicas: 9, penaltyRatio: 60 }),
        pool: {
          domain: 'oslo-dc',
          hardwareClass: 'A100',
          market: 'owned',
          capacityPerReplica: 12,
          target: { target: 'shop-assistant-owned' },
          initialReplicas: 8,
        },
        demand: { ...hourlyDay, nightRate: 18, dayRate: 82 },
        openingRiseSeconds: null,
        openingFallSeconds: 30,
        openingLevel: 50,
        queue: {
          throughputPerReplica: 13.5,
          slotsPerReplica: 12,
          serviceP99Ms: 800,
          timeoutSeconds: 20,
          workPerItem: 1,
        },
        tokensPerRequest: 300,
        pastScaling: { everySeconds: 120, utilization: 0.85, minReplicas: 2 },
        signals: inferenceSignals,
      },
      {
        workload: {
          ...team,
          name: 'document-index',
          title: 'Document indexing',
          kind: 'batch',
          team: 'search',
          stepSeconds: 30,
          demandSignal: 'jobs_per_second',
          objectiveP99Ms: 600_000,
        },
        policy: policy({ minReplicas: 0, maxReplicas: 12, penaltyRatio: 40 }),
        pool: {
          domain: 'helix-stockholm',
          hardwareClass: 'A100',
          market: 'on_demand',
          capacityPerReplica: 2,
          target: { target: 'document-index-cloud' },
          initialReplicas: 5,
        },
        otherPools: [
          {
            domain: 'oslo-dc',
            hardwareClass: 'A100',
            market: 'owned',
            capacityPerReplica: 2,
            target: { target: 'document-index-owned' },
            initialReplicas: 0,
          },
        ],
        demand: { ...hourlyDay, nightRate: 8, dayRate: 8.4 },
        openingRiseSeconds: null,
        queue: {
          throughputPerReplica: 2,
          slotsPerReplica: null,
          serviceP99Ms: 3_000,
          timeoutSeconds: null,
          workPerItem: 1,
        },
        tokensPerRequest: null,
        pastScaling: { everySeconds: 900, utilization: 0.85, minReplicas: 5 },
        signals: ['queue_depth', 'latency_p99_ms', 'ready_replicas', 'cost_per_hour_usd'],
      },
    ],
  },
}

function policy(own: { minReplicas: number; maxReplicas: number; penaltyRatio: number }) {
  return {
    ...own,
    maxStepUp: 12,
    maxStepDown: 12,
    costLimitPerHourUsd: 60,
    allowedRegions: [region, 'eu-north-se'],
    surgeProbability: 0.3,
    approvalLeadSeconds: 90,
    scaleDownCooldownSeconds: 240,
    automationLevel: 'approve' as const,
  }
}
