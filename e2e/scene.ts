import type { SceneInput } from '../server/sandbox/contract.ts'

type SceneWorkload = SceneInput['workloads'][number]

/** Idle workloads of which each belongs to one test, which plays a trace onto it. Steps of a minute. */
const steadyNames = [
  'override-me',
  'reject-me',
  'void-me',
  'race-me',
  'roll-me-back',
  'keys-one',
  'keys-two',
  'live-one',
  'page-me',
] as const
export type SteadyWorkload = (typeof steadyNames)[number]

/** The workload of the main job, in compressed time: a ten-second step of a recorded trace is played in one. */
export const traceWorkload = { name: 'trace-chat', target: 'trace-chat-l4', replicas: 7, stepUp: 3 } as const

/** What every steady workload starts with, and how far one step of its policy goes. */
export const steady = { replicas: 6, stepUp: 4, maxReplicas: 30, costLimitPerHourUsd: 20 } as const

const region = 'test-west-1'
const place = { domain: 'test-cloud', hardwareClass: 'L4', market: 'on_demand' as const }

/** The cloud of the browser tests: one service with its own demand and a day of history, and one idle service for each test. */
export const testScene: SceneInput = {
  seed: 7,
  historyDays: 1,
  sampleSeconds: 1,
  domains: [
    {
      name: place.domain,
      title: 'Test cloud',
      kind: 'cloud',
      region,
      jurisdiction: 'EU',
      securityTier: 3,
      carbonGPerKwh: 250,
      offerings: [
        {
          hardwareClass: place.hardwareClass,
          market: place.market,
          pricePerReplicaHourUsd: 0.8,
          powerKw: 0.1,
          leadTimeP50Seconds: 4,
          leadTimeP90Seconds: 6,
          // Shared by all: enough that no test is in another's way.
          quotaReplicas: 600,
        },
      ],
    },
  ],
  workloads: [diurnal(), compressed(), ...steadyNames.map(idle)],
}

function base(name: string): SceneWorkload {
  return {
    workload: {
      name,
      title: name.replaceAll('-', ' '),
      kind: 'inference',
      environment: 'staging',
      team: 'tests',
      dataClassification: 'internal',
      requiredSecurityTier: 1,
      stepSeconds: 60,
      demandSignal: 'requests_per_second',
      objectiveP99Ms: 2_000,
    },
    policy: {
      minReplicas: 1,
      maxReplicas: steady.maxReplicas,
      maxStepUp: steady.stepUp,
      maxStepDown: 10,
      costLimitPerHourUsd: steady.costLimitPerHourUsd,
      allowedRegions: [region],
      penaltyRatio: 20,
      surgeProbability: 0.3,
      approvalLeadSeconds: 600,
      scaleDownCooldownSeconds: 600,
      automationLevel: 'approve',
    },
    pool: {
      ...place,
      capacityPerReplica: 1,
      target: { target: `${name}-l4` },
      initialReplicas: steady.replicas,
    },
    demand: { kind: 'idle' },
    openingRiseSeconds: null,
    queue: {
      throughputPerReplica: 1.05,
      slotsPerReplica: 2,
      serviceP99Ms: 1_200,
      timeoutSeconds: 30,
      workPerItem: 1,
    },
    tokensPerRequest: 500,
    pastScaling: { everySeconds: 300, utilization: 0.8, minReplicas: 1 },
    signals: ['latency_p99_ms', 'gpu_utilization_ratio', 'ready_replicas', 'cost_per_hour_usd'],
  }
}

function idle(name: SteadyWorkload): SceneWorkload {
  return base(name)
}

function compressed(): SceneWorkload {
  const { name, replicas, stepUp } = traceWorkload
  const one = base(name)
  return {
    ...one,
    workload: { ...one.workload, stepSeconds: 1 },
    policy: {
      ...one.policy,
      minReplicas: replicas,
      maxStepUp: stepUp,
      approvalLeadSeconds: 20,
      scaleDownCooldownSeconds: 30,
    },
    pool: { ...one.pool, initialReplicas: replicas },
  }
}

function diurnal(): SceneWorkload {
  const one = base('chat-llm')
  return {
    ...one,
    workload: { ...one.workload, title: 'Chat assistant', environment: 'production' },
    pool: { ...one.pool, capacityPerReplica: 10 },
    demand: {
      kind: 'diurnal',
      nightRate: 17,
      dayRate: 112,
      morningHour: 9,
      morningWidthMinutes: 26,
      eveningHour: 21.5,
      eveningWidthMinutes: 60,
      weekdays: [0.76, 1, 1.02, 1.04, 1.02, 0.98, 0.8],
      noiseShare: 0.013,
    },
    openingRiseSeconds: 600,
    queue: { ...one.queue, throughputPerReplica: 11.8, slotsPerReplica: 10 },
  }
}
