import { z } from 'zod'

const seconds = z.number().positive().max(86_400)
/** Squared coefficient of variation: variance over the square of the mean; 1 for Poisson and exponential. */
const scv = z.number().min(0).max(1_000)
const tokens = z.object({ mean: z.number().positive().max(10_000_000), scv: scv.default(1) })

/** Requests that wait for a free slot and then hold it for their service time. */
export const queueServing = z.strictObject({
  kind: z.literal('queue'),
  /** Mean time that one request holds a slot. */
  serviceSeconds: seconds,
  /** p99 of response time of a request that does not wait; absent: the mean service time. */
  unloadedP99Ms: z.number().positive().max(86_400_000).optional(),
  arrivalScv: scv.default(1),
  serviceScv: scv.default(1),
})

/**
 * A language model that batches by iteration (continuous batching). An iteration takes `iterationSeconds`, and on top for each
 * prompt token that it reads, for each sequence that it decodes, and for each token of context of those.
 */
export const batchingServing = z.strictObject({
  kind: z.literal('batching'),
  promptTokens: tokens,
  outputTokens: tokens,
  /** Most sequences in one iteration. */
  maxBatch: z.number().int().min(1).max(10_000),
  /** Tokens of context that the memory of one replica holds over all its sequences. */
  kvCacheTokens: z.number().int().min(1).max(1_000_000_000),
  /** Most prompt tokens that one iteration reads; longer prompts are read in chunks. */
  prefillChunkTokens: z.number().int().min(1).max(1_000_000).default(2_048),
  iterationSeconds: seconds.max(60),
  prefillSecondsPerToken: z.number().min(0).max(1),
  decodeSecondsPerSequence: z.number().min(0).max(1),
  decodeSecondsPerContextToken: z.number().min(0).max(1).default(0),
  /** Objective for the time to the first token; absent: only the whole response counts. */
  firstTokenP99Ms: z.number().positive().max(86_400_000).optional(),
})

/** How one replica of a pool serves, as declared. Without it, and without enough telemetry, half the objective is taken as service time. */
export const servingInput = z.discriminatedUnion('kind', [queueServing, batchingServing])
export type ServingInput = z.input<typeof servingInput>
export type Serving = z.output<typeof servingInput>
export type QueueServing = z.output<typeof queueServing>
export type BatchingServing = z.output<typeof batchingServing>
