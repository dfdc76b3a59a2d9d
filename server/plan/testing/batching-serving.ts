import type { BatchingServing } from '../contract.ts'

/** A middling model on one accelerator: 20 ms an iteration, prompts of 500 tokens, answers of 200. */
export function batchingServing(changes: Partial<BatchingServing> = {}): BatchingServing {
  return {
    kind: 'batching',
    promptTokens: { mean: 500, scv: 1 },
    outputTokens: { mean: 200, scv: 1 },
    maxBatch: 64,
    kvCacheTokens: 60_000,
    prefillChunkTokens: 2_048,
    iterationSeconds: 0.02,
    prefillSecondsPerToken: 0.00006,
    decodeSecondsPerSequence: 0.0002,
    decodeSecondsPerContextToken: 1e-7,
    ...changes,
  }
}
