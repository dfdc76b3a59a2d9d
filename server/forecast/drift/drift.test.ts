import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import type { Drift } from '../contract.ts'
import { createEngine } from '../engine.ts'
import { quantileAt } from '../quantile-function.ts'

const LEVELS = [0.01, 0.05, 0.5, 0.95, 0.99]
const STEP_SECONDS = 300
const options = { stepSeconds: STEP_SECONDS, horizon: 6, levels: LEVELS, seed: 1 }

/** An engine that has learned `count` values of `valueAt`. */
function learned(count: number, valueAt: (i: number, noise: number) => number) {
  const random = seededRandom(4)
  const engine = createEngine(options)
  for (let i = 0; i < count; i++) engine.learn(valueAt(i, random() + random() - 1))
  const changes = () => engine.drift((step) => new Date(Date.UTC(2026, 0, 1) + step * STEP_SECONDS * 1000))
  const at = (lead: number, level: number) =>
    quantileAt(LEVELS, engine.forecast()[lead - 1]?.values ?? [], level)
  return { engine, changes, at }
}

const kinds = (drift: Drift[]) => drift.map(({ kind }) => kind)

describe('a lasting change of level', () => {
  const shifted = (i: number, noise: number) => (i >= 300 ? 230 : 100) + 5 * noise

  it('is named with its time and factor, relearned and then settled', () => {
    const [found] = learned(303, shifted).changes()
    expect(found).toMatchObject({ kind: 'level', state: 'relearning', at: '2026-01-02T01:00:00.000Z' })
    expect(found?.factor).toBeCloseTo(2.3, 0)
    expect(found?.text).toBe('Level rose 2.3× at 01:00 UTC; relearning')
    const later = learned(400, shifted).changes()
    expect(kinds(later).filter((kind) => kind === 'level')).toEqual(['level'])
    expect(later.at(-1)).toMatchObject({ kind: 'level', state: 'settled' })
  })

  it('may last from its first value on, and is believed more with each', () => {
    const one = learned(301, shifted)
    expect(one.at(6, 0.99)).toBeGreaterThan(180)
    const four = learned(304, shifted)
    expect(four.at(6, 0.5)).toBeGreaterThan(180)
  })

  it('is not seen in an outlier, which moves the median little', () => {
    const outlier = learned(302, (i, noise) => (i === 300 ? 230 : 100) + 5 * noise)
    expect(outlier.changes()).toEqual([])
    expect(outlier.at(1, 0.5)).toBeLessThan(130)
  })

  it('is not seen in noise or in the day', () => {
    const day = (i: number) => 100 + 50 * Math.sin((2 * Math.PI * i) / 288)
    expect(kinds(learned(1_500, (i, noise) => day(i) + 8 * noise).changes())).not.toContain('level')
  })
})

describe('a value absurdly beyond anything seen', () => {
  const poisoned = (from: number, to: number) => (i: number, noise: number) =>
    i >= from && i < to ? 1e8 : 100 + 5 * noise

  it('is set aside: it teaches nothing, and forecasts hold', () => {
    const gap = learned(250, (i, noise) => (i >= 200 && i < 202 ? Number.NaN : 100 + 5 * noise))
    const poison = learned(250, poisoned(200, 202))
    expect(poison.engine.forecast()).toEqual(gap.engine.forecast())
    expect(poison.engine.observations).toBe(248)
    expect(poison.changes()).toMatchObject([{ kind: 'suspect', state: 'ignored' }])
    const meanwhile = learned(202, poisoned(200, 202))
    expect(meanwhile.at(1, 0.5)).toBeGreaterThan(90)
    expect(meanwhile.at(1, 0.99)).toBeLessThan(1e4)
  })

  it('is believed when it stays, and followed after three steps', () => {
    const step = learned(206, poisoned(200, 400))
    expect(step.changes()[0]).toMatchObject({ kind: 'level', state: 'relearning' })
    expect(step.at(3, 0.5) / 1e8).toBeCloseTo(1, 1)
  })

  it('cannot come from a series that has hardly begun, or begins with zeros', () => {
    const start = learned(120, (i, noise) => (i < 80 ? 0 : 50 + 5 * noise))
    expect(start.engine.observations).toBe(120)
    expect(kinds(start.changes())).not.toContain('suspect')
  })
})

describe('slow changes', () => {
  it('are named: a spread that grows', () => {
    const wider = learned(700, (i, noise) => 1_000 + (i > 500 ? 60 : 20) * noise)
    expect(kinds(wider.changes())).toContain('spread')
    expect(wider.changes().find(({ kind }) => kind === 'spread')?.factor).toBeGreaterThan(1.5)
  })

  it('are not seen where nothing changes', () => {
    expect(learned(2_000, (_, noise) => 1_000 + 20 * noise).changes()).toEqual([])
  })

  it('come back from a saved state', () => {
    const { engine } = learned(350, (i, noise) => (i > 300 ? 200 : 100) + 5 * noise)
    const state = JSON.parse(JSON.stringify(engine))
    const copy = createEngine(options)
    copy.restore(state.columns)
    const timeOf = () => new Date(0)
    expect(copy.drift(timeOf)).toEqual(engine.drift(timeOf))
    expect(copy.drift(timeOf).length).toBeGreaterThan(0)
  })
})
