import type { IncomingSeries, WriteSource } from '../contract.ts'
import { largestValue, maxFutureMs, retentionDays, smallestValue } from '../limits.ts'
import type { ResolvedSeries } from './resolved-series.ts'

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

/** Leaves out what is no number, what no signal can be, and what cannot have been measured now; says which and why. */
export function usableSamples(series: IncomingSeries[], source: WriteSource, now: Date): Sieve {
  const latest = now.getTime() + maxFutureMs
  const earliest = source === 'import' ? 0 : now.getTime() - retentionDays * 86_400_000
  const sieve: Sieve = { series: [], ignored: 0, rejected: 0, rejectedExamples: [] }
  const problemOf = ({ at, value }: { at: number; value: number }): string | null => {
    if (at > latest) {
      return `${iso(at)} is more than ${maxFutureMs / 60_000} minutes ahead of ${now.toISOString()}; send the time of measurement`
    }
    if (!(at >= earliest)) {
      return `${iso(at)} is before ${iso(earliest)}; samples are taken for ${retentionDays} days, older ones by \`infrasage import\``
    }
    return Math.abs(value) > largestValue ? `${value} is beyond ±${largestValue}; check its unit` : null
  }
  for (const one of series) {
    const samples = one.samples.filter((sample) => {
      if (!Number.isFinite(sample.value)) {
        sieve.ignored++
        return false
      }
      const problem = problemOf(sample)
      if (problem !== null) reject(sieve, `${one.metric}: ${problem}`)
      return problem === null
    })
    if (samples.length > 0) sieve.series.push({ ...one, samples: samples.map(withoutTrace) })
  }
  return sieve
}

/** Every signal counts or measures what is there: less than nothing is a fault of the sender, or worse. */
export function notNegative(series: ResolvedSeries[]): Omit<Sieve, 'series' | 'ignored'> & {
  series: ResolvedSeries[]
} {
  const kept = { series: [] as ResolvedSeries[], rejected: 0, rejectedExamples: [] as string[] }
  for (const one of series) {
    const samples = one.samples.filter(({ value }) => {
      if (value < 0) reject(kept, `${one.labels.__name__}: ${value} is negative; ${one.signal} is not`)
      return value >= 0
    })
    if (samples.length > 0) kept.series.push({ ...one, samples })
  }
  return kept
}

function reject(sieve: { rejected: number; rejectedExamples: string[] }, example: string): void {
  sieve.rejected++
  if (sieve.rejectedExamples.length < maxExamples) sieve.rejectedExamples.push(example)
}

function withoutTrace(sample: { at: number; value: number }): { at: number; value: number } {
  return Math.abs(sample.value) < smallestValue ? { at: sample.at, value: 0 } : sample
}
