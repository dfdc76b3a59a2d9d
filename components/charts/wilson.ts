/** Two-sided 99% point of the normal distribution: of a hundred groups that keep their promise one looks as if not. */
const z = 2.576

/**
 * Where a share lies that was seen as `held` in `count` independent trials, with 99% confidence.
 * E. B. Wilson, JASA 22 (1927).
 */
export function wilson(held: number, count: number): { low: number; high: number } {
  if (count <= 0) return { low: 0, high: 1 }
  const centre = (held + (z * z) / (2 * count)) / (1 + (z * z) / count)
  const half =
    (z / (1 + (z * z) / count)) * Math.sqrt((held * (1 - held)) / count + (z * z) / (4 * count * count))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/** Fewer judged values than this say nothing about one in ten. */
export const fewCounts = 30

export type Verdict = 'none' | 'few' | 'kept' | 'short' | 'wide'

/** What a bucket says about its promise: too few to tell, kept, held less often, or held more often than needed. */
export function verdictOf(held: number | null, count: number, promised: number): Verdict {
  if (held === null || count === 0) return 'none'
  if (count < fewCounts) return 'few'
  const { low, high } = wilson(held, count)
  if (high < promised) return 'short'
  return low > promised ? 'wide' : 'kept'
}
