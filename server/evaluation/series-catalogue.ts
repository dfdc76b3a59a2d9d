import type { BenchSeries } from './forecast-bench.ts'
import { maseScale } from './scores.ts'

/** Which part of the series a run is about: constants are chosen on *dev*, *report* is never used for choice. */
export type Half = 'dev' | 'report'

/** A measured signal as it was published; NaN where nothing was measured. */
export type Signal = {
  id: string
  /** Who published it: families of one source are dealt to the halves alternately. */
  source: string
  /** Signals of one family tell about each other (one service, one cluster) and stay in one half. */
  family: string
  /** Kind of demand, for which coverage is pooled. */
  group: string
  stepSeconds: number
  /** Seconds after midnight UTC of the first value; 0 where no calendar is known. */
  startSeconds: number
  values: readonly number[]
  /** Whether the signal, at any step, is one of the ten that other methods were scored on. */
  peer: boolean
}

const DAY_SECONDS = 86_400
const ORIGINS = 40
/** Origins in the first observations of life, where there is hardly a past to learn from. */
export const COLD_OBSERVATIONS = 60
/** Share of a series that precedes its first ordinary origin. */
const WARM_SHARE = 0.35
/** Leads by step, as in the published comparison: 2.5 minutes at 10 s up to hours. */
const HORIZONS: Record<number, number> = { 10: 15, 60: 30, 600: 6 }
const HORIZON = 12
const SHORTEST = 40
/** A series of a few hours has no room for more than `HORIZON` leads. */
const SHORT = 600

/**
 * Deals families to the halves: within each source, families are ordered by the FNV-1a hash of their name and dealt
 * alternately, the first to *dev* where the source's own hash is even. Nothing about the values takes part. A signal
 * that is one of the ten is never in *dev*, whatever its family's half.
 */
export function dealHalves(signals: readonly Signal[]): Map<string, Half> {
  const halves = new Map<string, Half>()
  for (const [source, members] of Map.groupBy(signals, (signal) => signal.source)) {
    const families = [...new Set(members.map(({ family }) => family))].sort((a, b) => fnv1a(a) - fnv1a(b))
    const shift = fnv1a(source) % 2
    for (const { id, family, peer } of members) {
      const dev = !peer && (families.indexOf(family) + shift) % 2 === 0
      halves.set(id, dev ? 'dev' : 'report')
    }
  }
  return halves
}

/** Means of `factor` values each; NaN where fewer than half of them were measured. A rest at the end is dropped. */
export function resample(values: readonly number[], factor: number): number[] {
  return Array.from({ length: Math.floor(values.length / factor) }, (_, i) => {
    const known = values.slice(i * factor, (i + 1) * factor).filter((value) => !Number.isNaN(value))
    return 2 * known.length < factor
      ? Number.NaN
      : known.reduce((sum, value) => sum + value, 0) / known.length
  })
}

/** The signal at `stepSeconds` with its origins: forty spread evenly over what follows its first third, and the first sixty. */
export function benchSeriesOf(signal: Signal, stepSeconds: number, longest: number): BenchSeries | null {
  const factor = stepSeconds / signal.stepSeconds
  const whole = factor === 1 ? signal.values : resample(signal.values, factor)
  const values = whole.slice(-longest)
  const skipped = (whole.length - values.length) * stepSeconds
  const usual = HORIZONS[stepSeconds] ?? HORIZON
  const horizon = values.length < SHORT ? Math.min(usual, stepSeconds < 60 ? usual : HORIZON) : usual
  if (values.length < SHORTEST + horizon) return null
  const day = Math.round(DAY_SECONDS / stepSeconds)
  const season = values.length > 2 * day ? day : 1
  return {
    id: stepSeconds === signal.stepSeconds ? signal.id : `${signal.id} / ${stepSeconds} s`,
    family: signal.family,
    group: signal.group,
    stepSeconds,
    startSeconds: (signal.startSeconds + skipped) % DAY_SECONDS,
    horizon,
    maseScale: maseScale(values, season),
    values,
    ...originsOf(values.length, horizon),
  }
}

/** Ordinary and cold origins of a series of `length` steps. */
export function originsOf(length: number, horizon: number): { origins: number[]; coldOrigins: number[] } {
  const last = length - 1 - horizon
  const first = Math.max(Math.floor(WARM_SHARE * length), Math.min(COLD_OBSERVATIONS, last >> 1))
  const count = Math.min(ORIGINS, last - first + 1)
  return {
    origins: Array.from({ length: count }, (_, k) => first + Math.round((k * (last - first)) / (count - 1))),
    coldOrigins: Array.from({ length: Math.min(COLD_OBSERVATIONS, last) - 1 }, (_, k) => k + 1),
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash
}
