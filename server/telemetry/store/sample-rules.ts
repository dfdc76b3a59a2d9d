import type { IncomingSeries, WriteSource } from '../contract.ts'
import { maxFutureMs, retentionDays } from '../limits.ts'

export type Sieve = {
  /** The series that still have samples. */
  series: IncomingSeries[]
  ignored: number
  rejected: number
  rejectedExamples: string[]
}

const maxExamples = 5
/** PostgreSQL ends in 294276; what lies beyond this is a mistake in the unit. */
const iso = (ms: number) =>
  Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : `${ms} ms since the epoch`

/** Leaves out what is no number and what cannot have been measured now; says which and why. */
export function usableSamples(series: IncomingSeries[], source: WriteSource, now: Date): Sieve {
  const latest = now.getTime() + maxFutureMs
  const earliest = source === 'import' ? 0 : now.getTime() - retentionDays * 86_400_000
  const sieve: Sieve = { series: [], ignored: 0, rejected: 0, rejectedExamples: [] }
  for (const one of series) {
    const samples = one.samples.filter(({ at, value }) => {
      if (!Number.isFinite(value)) {
        sieve.ignored++
        return false
      }
      if (at >= earliest && at <= latest) return true
      sieve.rejected++
      if (sieve.rejectedExamples.length < maxExamples) {
        sieve.rejectedExamples.push(
          at > latest
            ? `${one.metric}: ${iso(at)} is more than ${maxFutureMs / 60_000} minutes ahead of ${now.toISOString()}; send the time of measurement`
            : `${one.metric}: ${iso(at)} is before ${iso(earliest)}; samples are taken for ${retentionDays} days, older ones by \`infrasage import\``,
        )
      }
      return false
    })
    if (samples.length > 0) sieve.series.push({ ...one, samples })
  }
  return sieve
}
