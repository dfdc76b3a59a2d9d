import { z } from 'zod'

/** How well a model describes what was measured. */
export const fitVerdicts = ['fits well', 'fits poorly', 'too few to tell'] as const

/** Where the numbers of a model come from, and how well they describe what was measured. */
export const modelFit = z.object({
  /** *telemetry*: fitted. *declared*: as a person said. *assumed*: from the objective alone. */
  source: z.enum(['telemetry', 'declared', 'assumed']),
  /** Of the fit that was tried, also where it was not good enough to be used. */
  verdict: z.enum(fitVerdicts),
  /** Steps that the fit was made from. */
  observations: z.number().int(),
  /** Share of the variance of log p99 that the model explains, at most 1; null where it was not fitted. */
  explainedShare: z.number().nullable(),
  /** Median of |predicted − measured| / measured p99; null where it was not fitted. */
  medianRelativeError: z.number().nullable(),
  /** One sentence for people. */
  words: z.string(),
})
export type ModelFit = z.infer<typeof modelFit>

/** Requests that wait for a free slot: Allen–Cunneen's waiting time on top of an unloaded p99. */
const queueModel = z.object({
  kind: z.literal('queue'),
  /** Units per second of one replica that is busy all the time. */
  capacityPerReplica: z.number(),
  serviceSeconds: z.number(),
  unloadedP99Ms: z.number(),
  /** Mean of the squared coefficients of variation of arrivals and service. */
  variability: z.number(),
  fit: modelFit,
})
export type QueueModel = z.infer<typeof queueModel>

/** What one replica of a batching model gives at one rate of requests. */
const batchingPoint = z.object({
  requestsPerSecond: z.number(),
  firstTokenP50Ms: z.number(),
  firstTokenP99Ms: z.number(),
  perTokenP50Ms: z.number(),
  perTokenP99Ms: z.number(),
  endToEndP50Ms: z.number(),
  endToEndP99Ms: z.number(),
  /** Mean number of sequences in an iteration, and share of the cache's memory in use. */
  meanBatch: z.number(),
  cacheShare: z.number(),
})
export type BatchingPoint = z.infer<typeof batchingPoint>

/** A language model with continuous batching, tabulated over the rate of requests of one replica; read between its points. */
const batchingModelSchema = z.object({
  kind: z.literal('batching'),
  /** Highest rate at which every objective holds; 0 where none does. */
  sustainableRequestsPerSecond: z.number(),
  /** Rate at which the replica is busy all the time. */
  saturatedRequestsPerSecond: z.number(),
  /** What requests wait for beyond the sustainable rate: a place in the batch, memory of the cache, or computing alone. */
  boundBy: z.enum(['batch', 'memory', 'compute']),
  /** How much longer everything takes than declared, as fitted; 1: as declared. */
  pace: z.number().default(1),
  points: z.array(batchingPoint),
  fit: modelFit,
})
export type BatchingModel = z.infer<typeof batchingModelSchema>

/** Capacity and latency of one workload on one hardware class. */
export const capacityModel = z.discriminatedUnion('kind', [queueModel, batchingModelSchema])
export type CapacityModel = z.infer<typeof capacityModel>
