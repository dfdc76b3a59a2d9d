import type { SceneInput } from '../contract.ts'

type Entry = SceneInput['workloads'][number]

/** What most scenes have in common; each says what is its own. */
export const inferenceSignals: Entry['signals'] = [
  'queue_depth',
  'latency_p99_ms',
  'gpu_utilization_ratio',
  'error_ratio',
  'ready_replicas',
  'cost_per_hour_usd',
]

/** A day of past in intervals of five seconds: a pattern of the hour has come 24 times. */
export const pace = { historyDays: 1, sampleSeconds: 5, sharedQuotas: true } as const

/** Bursts of the hour that differ little: learned well enough to be foreseen. */
export const hourlyBursts = {
  kind: 'bursts',
  daySwing: 0.1,
  slotSeconds: 3_600,
  offsetSeconds: 900,
  jitterSeconds: 0,
  burstSpread: 0.06,
  riseSeconds: 240,
  branching: 0,
  delaySeconds: 300,
  noiseShare: 0.015,
} as const
