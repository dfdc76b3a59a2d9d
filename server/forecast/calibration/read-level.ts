import { at } from '../numeric/arrays.ts'

export const logit = (level: number): number => Math.log(level / (1 - level))

/**
 * Quantile at logit-level `z` of the distribution whose quantiles at `logits` stand in `values`, linear in the
 * logit between two of them and beyond the outermost. At least two levels.
 */
export function readLevel(logits: readonly number[], values: Float64Array, z: number): number {
  let i = 0
  while (i < logits.length - 2 && z > (logits[i + 1] ?? z)) i++
  const low = at(values, i)
  const from = logits[i] ?? 0
  const share = (z - from) / ((logits[i + 1] ?? 1) - from)
  return low + share * (at(values, i + 1) - low)
}
