import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import { crowdedSince, endOfHarm, type JobStep, recogniseHarm } from './recognise.ts'

const start = Date.parse('2026-03-04T13:00:00Z')
const stepSeconds = 15

/** One step: what is meant, and what fails of it as it always does. */
function usual(index: number, change: Partial<JobStep> = {}): JobStep {
  const submitted = 6 + 1.5 * Math.sin(index / 25) + 0.6 * Math.sin(index * 2.4)
  return {
    at: new Date(start + index * stepSeconds * 1_000),
    submitted,
    completed: submitted * 0.96,
    failed: submitted * 0.04,
    distinct: 0.95,
    queued: 3 + Math.sin(index),
    ...change,
  }
}

/** A loop of `rate` jobs per second on top, from `from` on; `distinct` false where signatures are not measured. */
function looping(steps: number, from: number, rate = 5, distinct = true): JobStep[] {
  return Array.from({ length: steps }, (_, index) => {
    const calm = usual(index)
    if (index < from) return distinct ? calm : { ...calm, distinct: null }
    const extra = rate * (1 + 0.03 * Math.sin(index * 7))
    const submitted = (calm.submitted ?? 0) + extra
    return {
      ...calm,
      submitted,
      failed: (calm.failed ?? 0) + extra,
      distinct: distinct ? (0.95 * (calm.submitted ?? 0)) / submitted : null,
    }
  })
}

describe('a looping submission', () => {
  test('is suspected at its first step, and recognised after a minute, from its beginning on', () => {
    const first = new Date(start + 200 * stepSeconds * 1_000)
    expect(recogniseHarm(looping(200, 200), stepSeconds).kind).toBe('none')
    expect(recogniseHarm(looping(201, 200), stepSeconds)).toEqual({ kind: 'suspected', since: first })
    const harm = recogniseHarm(looping(204, 200), stepSeconds)
    expect(harm).toMatchObject({ kind: 'harmful', since: first })
  })

  test('that begins in the midst of a step is suspected from that step on', () => {
    const steps = looping(201, 200)
    const last = steps.at(-1)
    if (last)
      Object.assign(last, {
        submitted: (last.submitted ?? 0) - 3,
        failed: (last.failed ?? 0) - 3,
        distinct: 0.85,
      })
    expect(recogniseHarm(steps, stepSeconds).kind).toBe('suspected')
  })

  test('comes with evidence in words and numbers', () => {
    const harm = recogniseHarm(looping(210, 200), stepSeconds)
    if (harm.kind !== 'harmful') throw new Error(harm.kind)
    expect(harm.evidence.excess).toBeGreaterThan(3)
    expect(harm.evidence.excessFailedShare).toBeGreaterThan(0.9)
    expect(harm.evidence.completedNow).toBeCloseTo(harm.evidence.completedBefore, -1)
    expect(harm.evidence.words[0]).toMatch(
      /^Since 13:50:00 UTC, .* jobs\/s are submitted instead of .*% of what/,
    )
    expect(harm.evidence.words.join(' ')).toMatch(/the same job comes again and again/)
  })

  test('is recognised for as long as a person may need, and ends when failures are back to usual', () => {
    expect(recogniseHarm(looping(300, 200), stepSeconds).kind).toBe('harmful')
    const harm = recogniseHarm(looping(210, 200), stepSeconds)
    if (harm.kind !== 'harmful') throw new Error(harm.kind)
    const over = Array.from({ length: 5 }, (_, i) => usual(210 + i))
    expect(endOfHarm(looping(210, 200), harm.evidence)).toBeNull()
    expect(endOfHarm([...looping(210, 200), ...over.slice(0, 2)], harm.evidence)).toBeNull()
    expect(endOfHarm([...looping(210, 200), ...over], harm.evidence)).toEqual(over[0]?.at)
  })

  test('whose signatures are not measured is recognised by its regularity, a little later', () => {
    expect(recogniseHarm(looping(204, 200, 12, false), stepSeconds).kind).toBe('none')
    expect(recogniseHarm(looping(222, 200, 25, false), stepSeconds).kind).toBe('harmful')
  })
})

/** `steps` calm ones, then 20 that `change` makes of the calm one. */
function then(change: (calm: JobStep & { submitted: number }) => Partial<JobStep>): JobStep[] {
  return Array.from({ length: 220 }, (_, index) => {
    const calm = usual(index)
    return index < 200 ? calm : { ...calm, ...change({ ...calm, submitted: calm.submitted ?? 0 }) }
  })
}

describe('what looks alike and is no loop', () => {
  test.each([
    [
      'a burst of demand that is served',
      then(({ submitted }) => ({
        submitted: 4 * submitted,
        completed: 3.9 * submitted,
        failed: 0.1 * submitted,
      })),
    ],
    [
      'a burst that overloads the service: it fails and queues, and its requests differ',
      then(({ submitted }) => ({
        submitted: 4 * submitted,
        completed: submitted,
        failed: 3 * submitted,
        queued: 400,
      })),
    ],
    [
      'the same where signatures are not measured',
      then(({ submitted }) => ({
        submitted: submitted + 18,
        completed: submitted,
        failed: 18,
        queued: 400,
        distinct: null,
      })),
    ],
    [
      'an outage: everything fails, and no more comes than before',
      then(({ submitted }) => ({ completed: 0, failed: submitted })),
    ],
    [
      'an outage with clients that try three times',
      then(({ submitted }) => ({
        submitted: 3 * submitted,
        completed: 0,
        failed: 3 * submitted,
        distinct: null,
        queued: 3,
      })),
    ],
    [
      'a batch of like jobs that end well',
      then(({ submitted }) => ({
        submitted: submitted + 10,
        completed: submitted + 9.8,
        failed: 0.2,
        distinct: 0.3,
      })),
    ],
    [
      'a rise whose failures cannot be, whatever signatures say',
      then(({ submitted }) => ({ submitted: 1.4 * submitted, completed: null, failed: 1e9, distinct: 0.1 })),
    ],
    [
      'a rise with forged failures and signatures, beside completions that are counted',
      then(({ submitted }) => ({ submitted: 1.4 * submitted, failed: 1.4 * submitted, distinct: 0.1 })),
    ],
    [
      'a release that fails more often',
      then(({ submitted }) => ({ completed: 0.6 * submitted, failed: 0.4 * submitted })),
    ],
  ])('%s', (_, steps) => {
    for (let end = 195; end <= steps.length; end++)
      expect(recogniseHarm(steps.slice(0, end), stepSeconds).kind).toBe('none')
  })

  test.each([
    [
      'a flash crowd that is shed: many of them ask for the same, and many wait',
      then(() => ({ submitted: 18, completed: 7, failed: 11, distinct: 0.55, queued: 110 })),
    ],
    [
      'one that asks for one thing alone, and waits',
      then(() => ({ submitted: 18, completed: 7, failed: 11, distinct: 0.25, queued: 110 })),
    ],
    [
      'one that does not wait, because it is turned away at the door',
      then(() => ({ submitted: 18, completed: 7, failed: 11, distinct: 0.55, queued: 0 })),
    ],
  ])('%s: suspected for some steps at most', (_, steps) => {
    for (let end = 195; end <= steps.length; end++)
      expect(recogniseHarm(steps.slice(0, end), stepSeconds).kind).not.toBe('harmful')
  })

  test('a steady crowd at a door that lets in what fits, with or without signatures', () => {
    for (const distinct of [0.25, null]) {
      const steps = Array.from({ length: 240 }, (_, index) => ({
        ...usual(index),
        ...{ submitted: 6 + 0.3 * Math.sin(index), completed: 6, failed: 0.3, queued: 0, distinct: 0.8 },
        ...(index < 200 ? {} : { submitted: 18 + (index % 2) / 10, completed: 7, failed: 11, distinct }),
      }))
      for (let end = 195; end <= steps.length; end++)
        expect(recogniseHarm(steps.slice(0, end), stepSeconds).kind).not.toBe('harmful')
    }
  })

  test('what was recognised is demand once work waits while as much as before ends well', () => {
    const steps = looping(210, 200)
    const harm = recogniseHarm(steps, stepSeconds)
    if (harm.kind !== 'harmful') throw new Error(harm.kind)
    const waiting = (completed: number) =>
      looping(213, 200)
        .slice(210)
        .map((step) => ({ ...step, completed, queued: 200 }))
    expect(crowdedSince(steps, harm.evidence)).toBeNull()
    expect(crowdedSince([...steps, ...waiting(7).slice(0, 2)], harm.evidence)).toBeNull()
    expect(crowdedSince([...steps, ...waiting(7)], harm.evidence)).toEqual(waiting(7)[0]?.at)
    // A loop that crowds out what is meant.
    expect(crowdedSince([...steps, ...waiting(3)], harm.evidence)).toBeNull()
  })

  test('nothing is said without a past to compare with, or without failures', () => {
    expect(recogniseHarm(looping(60, 20), stepSeconds).kind).toBe('none')
    const untold = looping(220, 200).map((step) => ({ ...step, failed: null, completed: null }))
    expect(recogniseHarm(untold, stepSeconds).kind).toBe('none')
  })
})

/** Recorded production traffic, where this machine has some. */
const traces = path.resolve(import.meta.dirname, '../../../../shared/traces')
const recorded = [
  ['helios_earth_totals_5m.csv', 300],
  ['azure_llm_2023_10s.csv', 10],
  ['servegen_mlarge_10m.csv', 600],
  ['mooncake_conv_10s.csv', 10],
] as const

function seriesOf(file: string): Map<string, number[]> {
  const series = new Map<string, number[]>()
  for (const line of readFileSync(path.join(traces, file), 'utf8').split('\n').slice(1)) {
    const [id, , value] = line.split(',')
    if (!id || !value) continue
    const values = series.get(id) ?? []
    values.push(Number(value))
    series.set(id, values)
  }
  return series
}

/**
 * Recorded arrivals before a service that has room for the given share of their peak: a queue builds, a usual share fails, and
 * who waits too long fails too. Signatures repeat as users repeat themselves, or are not measured.
 */
function served(arrivals: number[], stepOf: number, room: number, signed: boolean): JobStep[] {
  const peak = Math.max(...arrivals)
  const random = seededRandom(7)
  let queue = 0
  return arrivals.map((submitted, index) => {
    const work = queue + submitted * stepOf
    const done = Math.min(work, room * peak * stepOf)
    const lost = Math.max(0, work - done - 30 * room * peak)
    queue = work - done - lost
    const share = 0.2 + 0.15 * random()
    return {
      at: new Date(start + index * stepOf * 1_000),
      submitted,
      completed: (done / stepOf) * (1 - share),
      failed: (done / stepOf) * share + lost / stepOf,
      distinct: signed ? 0.45 + 0.2 * random() : null,
      queued: queue,
    }
  })
}

describe.skipIf(!existsSync(traces))('recorded production traffic is never called harmful', () => {
  test.each(recorded)('%s', { timeout: 60_000 }, (file, stepOf) => {
    let looked = 0
    for (const arrivals of seriesOf(file).values()) {
      for (const room of [0.35, 0.6, 1.2]) {
        for (const signed of [true, false]) {
          const steps = served(arrivals, stepOf, room, signed)
          for (let end = 61; end <= steps.length; end += 41) {
            const harm = recogniseHarm(steps.slice(Math.max(0, end - 240), end), stepOf)
            expect(harm.kind, `at step ${end}`).not.toBe('harmful')
            looked += 1
          }
        }
      }
    }
    expect(looked).toBeGreaterThan(100)
  })
})
