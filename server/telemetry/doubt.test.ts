import { describe, expect, test } from 'vitest'
import { beliefIn, believedAt } from './doubt.ts'

const start = Date.UTC(2026, 2, 2)
const stepsOf = (values: (number | null)[]) =>
  values.map((value, i) => ({ at: new Date(start + i * 60_000), value }))
/** Whether the newest steps are doubted, and from which on. */
const doubtedFrom = (...values: (number | null)[]): number | null => {
  const { doubtfulSince } = beliefIn(stepsOf(values))
  return doubtfulSince === null ? null : (doubtfulSince.getTime() - start) / 60_000
}
const lively = Array.from({ length: 100 }, (_, i) => 50 + 10 * Math.sin(i / 5) + (i % 3))
const of = (length: number, value: number) => Array.from({ length }, () => value)

describe('the newest steps are not believed', () => {
  test('when demand is zero at once, from the first zero until it is most of what is known', () => {
    expect(doubtedFrom(...lively, 0)).toBe(100)
    expect(doubtedFrom(...lively, 0, null, 0, 0)).toBe(100)
    expect(doubtedFrom(...lively.slice(-61), ...of(59, 0))).toBe(61)
    expect(doubtedFrom(...lively.slice(-59), ...of(61, 0))).toBeNull()
    expect(believedAt(beliefIn(stepsOf([...lively, 0])))).toBeNull()
  })

  test('when one value comes over and over though none did before', () => {
    expect(doubtedFrom(...lively, ...of(11, 42))).toBeNull()
    expect(doubtedFrom(...lively, ...of(12, 42))).toBe(100)
    expect(doubtedFrom(...lively, ...of(12, 42), 43)).toBeNull()
  })
})

describe('the newest steps are believed', () => {
  test.each<[string, (number | null)[]]>([
    ['nothing odd happens', lively],
    ['zero was there before', [...lively.slice(1), 0, ...lively.slice(60), 0]],
    ['demand faded away', [...lively, 40, 30, 20, 10, 5, 0]],
    ['counts repeat anyway', [...Array.from({ length: 100 }, (_, i) => Math.floor(i / 2) % 4), ...of(15, 2)]],
    ['too little is known', [...lively.slice(0, 50), 0]],
    ['demand never moved', of(120, 10)],
  ])('when %s', (_, values) => {
    const steps = stepsOf(values)
    expect(beliefIn(steps)).toEqual({ lastSampleAt: steps.at(-1)?.at, doubtfulSince: null })
  })

  test('and a gap at the end is no sample', () => {
    expect(believedAt(beliefIn(stepsOf([...lively, null, null])))).toBe(
      stepsOf(lively).at(-1)?.at.toISOString(),
    )
    expect(believedAt(beliefIn([]))).toBeNull()
  })
})
