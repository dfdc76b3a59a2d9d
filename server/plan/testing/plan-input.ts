import type { ForecastSnapshot } from '../../forecast/contract.ts'
import type { CapacitySnapshot, PlanInput, PolicyInForce } from '../contract.ts'

const levels = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]
const now = '2026-03-02T09:00:30.000Z'
const origin = '2026-03-02T08:59:00.000Z'

/** A forecast whose median per lead is given, with quantiles spread symmetrically by `spread` (relative). */
export function forecastOf(medians: number[], spread = 0.1): ForecastSnapshot {
  const offsets = [-2.3, -1.6, -1.3, -0.7, 0, 0.7, 1.3, 1.6, 2.3]
  return {
    workloadId: '00000000-0000-4000-8000-000000000001',
    signal: 'requests_per_second',
    unit: 'req/s',
    origin,
    stepSeconds: 60,
    levels,
    leads: medians.map((median, i) => ({
      lead: i + 1,
      at: new Date(Date.parse(origin) + (i + 1) * 60_000).toISOString(),
      values: offsets.map((offset) => Math.max(0, median * (1 + offset * spread))),
    })),
    modelVersion: 'test',
    stateHash: '0'.repeat(64),
    trainedFrom: '2026-02-16T00:00:00.000Z',
    trainedTo: origin,
    observations: 20_000,
    baseline: 50,
    contributions: [{ group: 'season', label: 'Time of day and week', value: (medians.at(-1) ?? 50) - 50 }],
    contributionLead: medians.length,
    experts: [],
    coverage90: 0.9,
    coverageCount: 1_000,
    regret: [],
    calibration: null,
    drift: [],
    events: [],
    joint: null,
    lineage: null,
  }
}

export const testPolicy: PolicyInForce = {
  version: 1,
  minReplicas: 2,
  maxReplicas: 40,
  maxStepUp: 10,
  maxStepDown: 4,
  costLimitPerHourUsd: 100,
  allowedRegions: ['eu-west'],
  penaltyRatio: 20,
  surgeProbability: 0.2,
  approvalLeadSeconds: 300,
  scaleDownCooldownSeconds: 600,
  carbonPriceUsdPerKg: 0,
  automationLevel: 'approve',
}

export const testCapacity: CapacitySnapshot = {
  poolId: '00000000-0000-4000-8000-000000000002',
  targetId: '00000000-0000-4000-8000-000000000003',
  targetName: 'chat-llm',
  adapter: 'sandbox',
  domain: {
    id: '00000000-0000-4000-8000-000000000004',
    name: 'aster-eu-west',
    title: 'Aster Cloud, EU West',
    kind: 'cloud',
    region: 'eu-west',
    jurisdiction: 'EU',
    securityTier: 3,
    carbonGPerKwh: 200,
  },
  offering: {
    id: '00000000-0000-4000-8000-000000000005',
    hardwareClass: 'L40S',
    market: 'on_demand',
    pricePerReplicaHourUsd: 2,
    powerKw: 0.5,
    leadTimeP50Seconds: 120,
    leadTimeP90Seconds: 240,
    quotaReplicas: 60,
  },
  capacityPerReplica: 10,
  desiredReplicas: 6,
  readyReplicas: 6,
  observedVersion: '7',
  observedAt: now,
}

/** A calm pool: six replicas of 10 req/s under a flat forecast of 40 req/s, planned at 09:00:30. */
export function planInput(change: Partial<PlanInput> = {}): PlanInput {
  return {
    now,
    workload: {
      id: '00000000-0000-4000-8000-000000000001',
      name: 'chat-llm',
      title: 'Chat',
      requiredSecurityTier: 2,
      objectiveP99Ms: 2_000,
      stepSeconds: 60,
      unit: 'req/s',
    },
    forecast: forecastOf(Array.from({ length: 60 }, () => 40)),
    capacity: testCapacity,
    otherPools: [],
    policy: testPolicy,
    lastChangeAt: null,
    lastSampleAt: origin,
    riseWaits: false,
    ...change,
  }
}
