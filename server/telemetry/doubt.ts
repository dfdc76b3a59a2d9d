import { Prisma, type Tx } from '../kernel/db.ts'
import { type Reading, read, reading } from '../kernel/reading.ts'
import { type Series, stepsOf } from './read-steps.ts'

/** Steps that are looked back on, and how many must be measured before a run that looks broken to call it so. */
const windowSteps = 120
const fewestBefore = 60
/** Equal values in a row that look like a source that repeats itself. */
const stuckSteps = 12
/** Demand that ends by itself fades; a fall to zero from this share of its mean is a source that died. */
const abruptShare = 0.25

type Step = { at: Date; value: number | null }

/** `lastSampleAt`: newest measured step, null without one. `doubtfulSince`: first of the newest steps that are not believed. */
export type Belief = { lastSampleAt: Date | null; doubtfulSince: Date | null }

/**
 * Whether the newest steps of a demand signal can be believed. Two things are not: zero at once, where nothing was zero
 * before and demand was no trickle, as a dead exporter reports it; and one value over and over where hardly two
 * neighbours were equal before. Both are believed in the end, when they fill half of what is looked back on.
 */
export function beliefIn(steps: readonly Step[]): Belief {
  const measured = steps.flatMap(({ at, value }) => (value === null ? [] : [{ at, value }]))
  const newest = measured.at(-1)
  if (newest === undefined) return { lastSampleAt: null, doubtfulSince: null }
  const start = measured.findLastIndex(({ value }) => value !== newest.value) + 1
  const before = measured.slice(0, start).map(({ value }) => value)
  const run = measured.length - start
  const broken = newest.value === 0 ? isAbrupt(before) : run >= stuckSteps && isLively(before)
  const doubtfulSince = before.length >= fewestBefore && broken ? (measured[start]?.at ?? null) : null
  return { lastSampleAt: newest.at, doubtfulSince }
}

function isAbrupt(before: readonly number[]): boolean {
  const mean = before.reduce((sum, value) => sum + value, 0) / before.length
  return before.every((value) => value > 0) && (before.at(-1) ?? 0) >= abruptShare * mean
}

function isLively(before: readonly number[]): boolean {
  const equal = before.filter((value, i) => value === before[i - 1]).length
  return equal <= before.length / 20
}

/** When telemetry was last good enough to take capacity away by; null while the newest steps are not believed. */
export function believedAt({ lastSampleAt, doubtfulSince }: Belief): string | null {
  return doubtfulSince === null ? (lastSampleAt?.toISOString() ?? null) : null
}

type StoredSteps = Omit<Series, 'firstAt'> & { firstAt: string }

/** The same of the demand of workloads as it is stored now, by workload. */
export function beliefs(workloadIds: readonly string[], now: Date): Reading<Map<string, Belief>> {
  // Steps count from the epoch, so that a window begins where a step does.
  const after = Prisma.sql`date_bin(step.width, ${now}::timestamptz, 'epoch') - ${windowSteps}::int * step.width`
  const steps = stepsOf({ signal: Prisma.sql`w."demandSignal"`, after, until: now })
  const query = Prisma.sql`
    SELECT json_object_agg(w."id", (SELECT to_json(steps) FROM (${steps}) AS steps))
    FROM "Workload" w WHERE w."id" = ANY(${[...workloadIds]}::uuid[])`
  return reading(query, (series: Record<string, StoredSteps | null> | null) => {
    const known = Object.entries(series ?? {})
    return new Map(known.map(([id, one]) => [id, beliefIn(one === null ? [] : stepsIn(one))]))
  })
}

export async function readBelief(tx: Tx, workloadId: string, now: Date): Promise<Belief> {
  return (await read(tx, beliefs([workloadId], now))).get(workloadId) ?? beliefIn([])
}

function stepsIn({ firstAt, stepMs, values }: StoredSteps): Step[] {
  const first = Date.parse(firstAt)
  return values.map((value, i) => ({ at: new Date(first + i * stepMs), value }))
}
