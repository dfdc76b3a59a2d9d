import { hourlyBursts, inferenceSignals, pace } from './parts.ts'
import type { Script } from './script.ts'

/** An edge site next to the users with room for everyday, and a region behind it for the rush. */
export const edgeFirst: Script = {
  name: 'edge-first',
  title: 'Edge first',
  story:
    'An AR guide runs at the edge, next to its users, until a tour arrives that the site has no room for.',
  sees: [
    'The guide is served at the edge, within its 150 ms.',
    'Before the tour of the hour, one proposal fills the edge site and orders the rest in the region, at once.',
    'Approved, nobody waits; the run without it drops frames at a full edge.',
  ],
  proposalAfterMinutes: 2,
  scene: {
    ...pace,
    seed: 73,
    domains: [
      {
        name: 'berlin-edge',
        title: 'Berlin edge site',
        kind: 'edge',
        region: 'eu-edge-ber',
        jurisdiction: 'EU',
        securityTier: 3,
        carbonGPerKwh: 330,
        userLatencyMs: { berlin: 8 },
        offerings: [
          {
            hardwareClass: 'L4',
            market: 'reserved',
            pricePerReplicaHourUsd: 0.7,
            powerKw: 0.09,
            leadTimeP50Seconds: 30,
            leadTimeP90Seconds: 60,
            quotaReplicas: 6,
          },
        ],
      },
      {
        name: 'helix-frankfurt',
        title: 'Helix Cloud, Frankfurt',
        kind: 'cloud',
        region: 'eu-central-de',
        jurisdiction: 'EU',
        securityTier: 3,
        carbonGPerKwh: 344,
        userLatencyMs: { berlin: 34 },
        offerings: [
          {
            hardwareClass: 'L4',
            market: 'on_demand',
            pricePerReplicaHourUsd: 0.95,
            powerKw: 0.09,
            leadTimeP50Seconds: 100,
            leadTimeP90Seconds: 150,
            quotaReplicas: 30,
          },
        ],
      },
    ],
    workloads: [
      {
        workload: {
          name: 'ar-guide',
          title: 'AR guide',
          kind: 'inference',
          environment: 'scenes',
          team: 'museum',
          dataClassification: 'public',
          requiredSecurityTier: 1,
          stepSeconds: 15,
          demandSignal: 'requests_per_second',
          objectiveP99Ms: 150,
          userShares: { berlin: 1 },
        },
        policy: {
          minReplicas: 2,
          maxReplicas: 30,
          maxStepUp: 20,
          maxStepDown: 20,
          costLimitPerHourUsd: 30,
          allowedRegions: ['eu-edge-ber', 'eu-central-de'],
          penaltyRatio: 30,
          surgeProbability: 0.3,
          approvalLeadSeconds: 120,
          scaleDownCooldownSeconds: 600,
          automationLevel: 'approve',
        },
        pool: {
          domain: 'berlin-edge',
          hardwareClass: 'L4',
          market: 'reserved',
          capacityPerReplica: 21,
          target: { target: 'ar-guide-edge' },
          initialReplicas: 4,
        },
        otherPools: [
          {
            domain: 'helix-frankfurt',
            hardwareClass: 'L4',
            market: 'on_demand',
            capacityPerReplica: 21,
            target: { target: 'ar-guide-region' },
            initialReplicas: 0,
          },
        ],
        demand: { ...hourlyBursts, baseRate: 70, burstRate: 190 },
        openingRiseSeconds: 330,
        queue: {
          throughputPerReplica: 29,
          slotsPerReplica: 8,
          serviceP99Ms: 60,
          timeoutSeconds: 2,
          workPerItem: 1,
        },
        tokensPerRequest: null,
        pastScaling: { everySeconds: 900, utilization: 0.75, minReplicas: 4 },
        signals: inferenceSignals,
      },
    ],
  },
}
