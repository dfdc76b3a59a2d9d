import { type Scene, sceneSchema } from '../contract.ts'

/** A small cloud for tests: one service with constant bounds, half a day of history, and a workload that waits for a trace. */
export const testScene: Scene = sceneSchema.parse({
  seed: 5,
  historyDays: 0.5,
  sampleSeconds: 15,
  domains: [
    {
      name: 'test-cloud',
      title: 'Test cloud',
      kind: 'cloud',
      region: 'test-1',
      jurisdiction: 'EU',
      securityTier: 3,
      carbonGPerKwh: 300,
      offerings: [
        {
          hardwareClass: 'L4',
          market: 'on_demand',
          pricePerReplicaHourUsd: 1,
          powerKw: 0.1,
          leadTimeP50Seconds: 60,
          leadTimeP90Seconds: 60,
          quotaReplicas: 10,
        },
      ],
    },
  ],
  workloads: [workload('steady', { kind: 'bursts', baseRate: 30 }), workload('waiting', { kind: 'idle' })],
})

function workload(name: string, demand: { kind: 'bursts'; baseRate: number } | { kind: 'idle' }) {
  const bursts = {
    daySwing: 0,
    slotSeconds: 3600,
    offsetSeconds: 0,
    jitterSeconds: 0,
    burstRate: 1,
    burstSpread: 0,
    riseSeconds: 60,
    branching: 0,
    delaySeconds: 60,
    noiseShare: 0.01,
  }
  return {
    workload: {
      name,
      title: name,
      kind: 'inference',
      environment: 'test',
      team: 'test',
      dataClassification: 'internal',
      requiredSecurityTier: 1,
      stepSeconds: 60,
      demandSignal: 'requests_per_second',
      objectiveP99Ms: 2000,
    },
    policy: {
      minReplicas: 1,
      maxReplicas: 10,
      maxStepUp: 5,
      maxStepDown: 5,
      costLimitPerHourUsd: 10,
      allowedRegions: ['test-1'],
      penaltyRatio: 20,
      surgeProbability: 0.3,
      approvalLeadSeconds: 60,
      scaleDownCooldownSeconds: 300,
      automationLevel: 'approve',
    },
    pool: {
      domain: 'test-cloud',
      hardwareClass: 'L4',
      market: 'on_demand',
      capacityPerReplica: 10,
      target: { target: `${name}-l4` },
      initialReplicas: 4,
    },
    demand: demand.kind === 'idle' ? demand : { ...bursts, ...demand },
    openingRiseSeconds: null,
    queue: {
      throughputPerReplica: 11,
      slotsPerReplica: 8,
      serviceP99Ms: 800,
      timeoutSeconds: 30,
      workPerItem: 1,
    },
    tokensPerRequest: 100,
    pastScaling: { everySeconds: 600, utilization: 0.8, minReplicas: 1 },
    signals: ['latency_p99_ms', 'ready_replicas'],
  }
}
