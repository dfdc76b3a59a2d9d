import { z } from 'zod'

export * from './contract/harm.ts'

/** How the series of several instances become one signal of the workload, and how it is shown. */
export type SignalSpec = {
  name: string
  unit: string
  /** Across instances at one moment; within a step it is always the time mean, but for `max`. */
  across: 'sum' | 'mean' | 'max'
  description: string
}

/** The metric catalogue: every normalised signal, with its unit in its name (docs: a workload's mappings choose among these). */
export const signalCatalogue = [
  { name: 'requests_per_second', unit: 'req/s', across: 'sum', description: 'Requests arriving' },
  { name: 'tokens_per_second', unit: 'tok/s', across: 'sum', description: 'Tokens in and out' },
  { name: 'jobs_per_second', unit: 'jobs/s', across: 'sum', description: 'Jobs submitted' },
  { name: 'jobs_completed_per_second', unit: 'jobs/s', across: 'sum', description: 'Jobs that ended well' },
  { name: 'jobs_failed_per_second', unit: 'jobs/s', across: 'sum', description: 'Jobs that failed' },
  {
    name: 'distinct_signature_ratio',
    unit: '',
    across: 'mean',
    description: 'Share of submissions that differ from each other',
  },
  {
    name: 'gpus_requested',
    unit: 'GPU',
    across: 'sum',
    description: 'GPUs that running and waiting jobs ask for',
  },
  { name: 'queue_depth', unit: 'req', across: 'sum', description: 'Requests or jobs waiting' },
  { name: 'latency_p99_ms', unit: 'ms', across: 'max', description: 'p99 of response time' },
  { name: 'gpu_utilization_ratio', unit: '', across: 'mean', description: 'Share of GPU time in use' },
  { name: 'cpu_utilization_ratio', unit: '', across: 'mean', description: 'Share of CPU time in use' },
  { name: 'memory_utilization_ratio', unit: '', across: 'mean', description: 'Share of memory in use' },
  { name: 'io_bytes_per_second', unit: 'B/s', across: 'sum', description: 'Bytes read and written' },
  { name: 'error_ratio', unit: '', across: 'mean', description: 'Share of requests that failed' },
  { name: 'repeat_ratio', unit: '', across: 'mean', description: 'Share of requests asked before' },
  { name: 'ready_replicas', unit: 'replicas', across: 'sum', description: 'Replicas that serve' },
  { name: 'cost_per_hour_usd', unit: '$/h', across: 'sum', description: 'What the capacity costs' },
] as const satisfies SignalSpec[]

export type SignalName = (typeof signalCatalogue)[number]['name']
const names = signalCatalogue.map((signal) => signal.name) as [SignalName, ...SignalName[]]
export const signalName = z.enum(names)

export const workloadKinds = ['inference', 'training', 'batch'] as const

/** Lower-case name of a thing that people type and labels carry. */
export const slug = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'use 1 to 63 of a–z, 0–9 and "-", starting and ending with a letter or digit',
  )

export const workloadInput = z.object({
  name: slug,
  title: z.string().min(1).max(100),
  kind: z.enum(workloadKinds),
  environment: slug,
  team: slug,
  dataClassification: z.enum(['public', 'internal', 'confidential', 'restricted']),
  requiredSecurityTier: z.number().int().min(1).max(5),
  stepSeconds: z.number().int().min(1).max(3600),
  demandSignal: signalName,
  objectiveP99Ms: z.number().positive(),
  /** Region of users → their share of the demand; empty: not known. */
  userShares: z
    .record(z.string().min(1, 'give the region a name').max(63), z.number().min(0).max(1))
    .refine((shares) => addUpToOne(Object.values(shares)), {
      message: 'the shares of the regions must add up to 1',
    })
    .default({}),
  /** Work that is lost when a replica is taken away, for instance half the time between checkpoints; null: as is usual for the kind. */
  reworkSeconds: z.number().int().min(0).max(604_800).nullable().default(null),
  /** Share of requests that repeat an earlier one, so that a cache could answer them; null: not known. */
  repeatShare: z.number().min(0).max(1).nullable().default(null),
  sandbox: z.boolean().default(false),
})
export type WorkloadInput = z.input<typeof workloadInput>

function addUpToOne(shares: number[]): boolean {
  return shares.length === 0 || Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-3
}

const {
  name: __name,
  stepSeconds: __step,
  sandbox: __sandbox,
  userShares,
  reworkSeconds,
  repeatShare,
  ...workloadTerms
} = workloadInput.shape
/**
 * What may change later. The name is what labels carry, and the step is what rollups and models are made of: a
 * workload that needs another one is another workload.
 */
export const workloadUpdate = z.strictObject({
  id: z.uuid(),
  ...z
    .object({
      ...workloadTerms,
      userShares: userShares.unwrap(),
      reworkSeconds: reworkSeconds.unwrap(),
      repeatShare: repeatShare.unwrap(),
    })
    .partial().shape,
})
export type WorkloadUpdate = z.infer<typeof workloadUpdate>

/** `endedAt`: since when it is over; nothing is forecast or proposed for it any more. */
export type WorkloadView = z.output<typeof workloadInput> & {
  id: string
  createdAt: string
  endedAt: string | null
}

export const mappingInput = z
  .object({
    priority: z.number().int().min(0).max(10_000),
    /** Name as sent, exact or with `*` for any run of characters. */
    metric: z.string().min(1).max(200),
    matchLabels: z.record(z.string(), z.string()).default({}),
    workloadLabel: z.string().min(1).nullable().default(null),
    workloadName: slug.nullable().default(null),
    signal: signalName,
    kind: z.enum(['gauge', 'counter']),
    scale: z.number().min(1e-12).max(1e12).default(1),
  })
  .refine((mapping) => (mapping.workloadLabel === null) !== (mapping.workloadName === null), {
    message:
      'give either workloadLabel (the label that names the workload) or workloadName (one fixed workload)',
    path: ['workloadLabel'],
  })
export type MappingInput = z.infer<typeof mappingInput>
const {
  metric: _,
  priority: __,
  matchLabels,
  workloadLabel,
  workloadName,
  scale,
  ...rest
} = mappingInput.shape
/** What may change later; the metric and the priority say which mapping it is. */
export const mappingUpdate = z.strictObject({
  id: z.uuid(),
  ...z
    .object({
      ...rest,
      matchLabels: matchLabels.unwrap(),
      workloadLabel: workloadLabel.unwrap(),
      workloadName: workloadName.unwrap(),
      scale: scale.unwrap(),
    })
    .partial().shape,
})
export type MappingUpdate = z.infer<typeof mappingUpdate>
export type MappingView = MappingInput & { id: string }

/** One decoded series of a write: labels without the metric name; `at` in milliseconds since the epoch. */
export type IncomingSeries = {
  metric: string
  labels: Record<string, string>
  /** Known from OTLP; remote write 1.0 says nothing, and then the mapping's kind holds. */
  kind?: 'gauge' | 'counter'
  samples: { at: number; value: number }[]
}

/** Where samples come from; history that is imported may be of any age. */
export type WriteSource = 'remote_write' | 'otlp' | 'import'

/** What an accepted write did, in samples unless said otherwise. `…Examples`: the first few, in words. */
export type WriteReceipt = {
  /** Stored for the first time. */
  stored: number
  /** Same instant, other value: the last write won. */
  replaced: number
  /** Same instant, same value. */
  duplicates: number
  /** Of those stored or replaced: how many belonged to a step that was already closed. */
  late: number
  /** NaN and ±∞; Prometheus marks the end of a series by a NaN. */
  ignored: number
  /** Too far in the future, older than what is kept, negative, or larger than any signal. */
  rejected: number
  rejectedExamples: string[]
  /** Series that no mapping or no workload claims; they are dropped. */
  unmappedSeries: number
  unmappedSamples: number
  unmappedExamples: string[]
}

/** One step of one signal; `value` null where nothing was measured. `at`: start of the step, ISO. */
export type SignalPoint = { at: string; value: number | null }

export const signalWindow = z.object({
  workloadId: z.uuid(),
  signal: signalName,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** At most this many points; longer windows are averaged into coarser steps. */
  maxPoints: z.number().int().min(10).max(5_000).default(1_000),
})
export type SignalWindow = z.infer<typeof signalWindow>

/** `lastSampleAt`: newest sample of the demand signal. `stale`: none came for three steps, or two minutes if longer. */
export type Freshness = {
  workloadId: string
  lastSampleAt: string | null
  stepSeconds: number
  stale: boolean
}
