import type { PolicyObservation } from '../../../plan/index.ts'

/** Mean demand over the last `steps` steps, or as many as there are; null without any. */
export function meanDemand({ past }: PolicyObservation, steps: number): number | null {
  return meanOf(past.length, steps, (i) => past.values[i] ?? 0)
}

/** The same of what was served; in the history that is the demand. */
export function meanProcessed({ past, processed, step }: PolicyObservation, steps: number): number | null {
  const before = past.length - step
  return meanOf(past.length, steps, (i) => (i < before ? past.values[i] : processed[i - before]) ?? 0)
}

function meanOf(length: number, steps: number, valueAt: (i: number) => number): number | null {
  const count = Math.min(steps, length)
  if (count === 0) return null
  let sum = 0
  for (let i = length - count; i < length; i++) sum += valueAt(i)
  return sum / count
}
