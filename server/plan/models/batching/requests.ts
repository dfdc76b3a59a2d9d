import { seededRandom } from '../../../kernel/rng.ts'
import type { BatchingServing } from '../../contract.ts'

/** One request: its tokens, and its distance to the one before in units of the mean distance. */
export type TokenRequest = { promptTokens: number; outputTokens: number; gap: number }

/**
 * Requests with log-normal token counts of the declared mean and squared coefficient of variation, and exponential
 * distances. What would not fit into an empty cache is cut, as servers cut at their longest context.
 */
export function drawRequests(serving: BatchingServing, count: number, seed: number): TokenRequest[] {
  const random = seededRandom(seed)
  const { promptTokens, outputTokens, kvCacheTokens } = serving
  return Array.from({ length: count }, () => {
    const gap = -Math.log(1 - random())
    const prompt = Math.min(logNormal(promptTokens, random), Math.max(1, kvCacheTokens - 1))
    const output = logNormal(outputTokens, random)
    return { promptTokens: prompt, outputTokens: Math.max(1, Math.min(output, kvCacheTokens - prompt)), gap }
  })
}

/** At least one token; Box and Muller's transform of two uniform numbers. */
function logNormal({ mean, scv }: { mean: number; scv: number }, random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  const normal = radius * Math.cos(2 * Math.PI * random())
  const variance = Math.log1p(scv)
  return Math.max(1, Math.round(mean * Math.exp(Math.sqrt(variance) * normal - variance / 2)))
}
