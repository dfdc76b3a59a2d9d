import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import { createEngine } from '../engine.ts'
import { quantileAt } from '../quantile-function.ts'
import type { EventInSteps } from './event-effects.ts'

const LEVELS = [0.05, 0.5, 0.95]
const options = { stepSeconds: 3_600, horizon: 6, levels: LEVELS, seed: 1 }
const DAY = 24

const launch = (startStep: number, expectedFactor: number | null): EventInSteps => ({
  id: `launch-${startStep}`,
  kind: 'launch',
  startStep,
  endStep: startStep + 10,
  expectedFactor,
})
const within = (event: EventInSteps, step: number) => step >= event.startStep && step < event.endStep

/** Hourly demand of a day's shape; `real` events multiply it by 2.5, `planned` ones are told. */
function run(steps: number, real: EventInSteps[], planned: EventInSteps[], horizon = options.horizon) {
  const random = seededRandom(8)
  const engine = createEngine({ ...options, horizon })
  let loss = 0
  for (let i = 0; i < steps; i++) {
    const usual = 100 + 30 * Math.sin((2 * Math.PI * i) / DAY) + 4 * (random() + random() - 1)
    const value = real.some((event) => within(event, i)) ? 2.5 * usual : usual
    for (const { lead, values } of i > 200 ? engine.forecast().slice(0, 1) : []) {
      if (real.some((event) => within(event, i + lead - 1))) loss += Math.abs(value - (values[1] ?? 0))
    }
    engine.learn(value)
    if (planned.length > 0) engine.plan(planned)
  }
  const at = (lead: number, level: number) =>
    quantileAt(LEVELS, engine.forecast()[lead - 1]?.values ?? [], level)
  return { engine, loss, at }
}

describe('planned events', () => {
  it('that overlap never say more together than a factor of a hundred', () => {
    const crowd = Array.from({ length: 16 }, (_, i) => ({ ...launch(100, 100), id: `launch-${i}` }))
    const [usual, told] = [run(99, [], []), run(99, [], crowd)]
    expect(told.at(3, 0.5)).toBeLessThanOrEqual(100 * usual.at(3, 0.5) * (1 + 1e-9))
  })

  const first = launch(300, 2.5)

  it('use the declared factor the first time, and say so in the explanation', () => {
    const usual = run(297, [], [])
    const told = run(297, [], [first])
    expect(told.at(2, 0.5)).toBe(usual.at(2, 0.5))
    expect(told.at(4, 0.5) / usual.at(4, 0.5)).toBeCloseTo(2.5, 6)
    expect(told.at(4, 0.95)).toBeGreaterThan(2.5 * usual.at(4, 0.95))
    const parts = told.engine.explain(4)
    expect(parts.find(({ group }) => group === 'events')?.value).toBeGreaterThan(50)
    const sum = parts.reduce((all, { value }) => all + value, 0)
    expect(sum).toBeCloseTo(told.at(4, 0.5) - told.engine.baseline, 9)
  })

  it('hold from their first step to their last where leads are interpolated', () => {
    // Of a horizon of 60, leads 41 and 60 are neighbours on the grid.
    const event = { ...launch(40, 2.5), startStep: 300 + 43, endStep: 300 + 53 }
    const usual = run(300, [], [], 60)
    const told = run(300, [], [event], 60)
    const ratio = (lead: number) => told.at(lead, 0.5) / usual.at(lead, 0.5)
    for (const lead of [44, 48, 53]) expect(ratio(lead)).toBeCloseTo(2.5, 6)
    for (const lead of [41, 43, 54, 60]) expect(ratio(lead)).toBeCloseTo(1, 6)
    expect(told.engine.explain(53).find(({ group }) => group === 'events')?.value).toBeGreaterThan(50)
  })

  it('of a kind that was learned are forecast better than without', () => {
    const second = launch(400, null)
    const real = [launch(300, null), second]
    expect(run(420, real, real).loss).toBeLessThan(0.6 * run(420, real, []).loss)
    const before = run(398, [launch(300, null)], [launch(300, null), second])
    const without = run(398, [launch(300, null)], [launch(300, null)])
    expect(before.at(4, 0.5) / without.at(4, 0.5)).toBeGreaterThan(1.9)
  })

  it('that do not happen are let go within the event, and expected less of the next time', () => {
    const during = run(304, [], [first])
    expect(during.at(1, 0.5)).toBeLessThan(170)
    const next = launch(400, 2.5)
    const usual = run(398, [], [])
    const again = run(398, [], [first, next])
    const expected = again.at(4, 0.5) / usual.at(4, 0.5)
    expect(expected).toBeGreaterThan(1.2)
    expect(expected).toBeLessThan(2)
  })

  it('leave the usual demand as it was learned', () => {
    const calm = run(330, [], [])
    const held = run(330, [first], [first])
    expect(held.at(3, 0.5) / calm.at(3, 0.5)).toBeCloseTo(1, 1)
    expect(held.engine.baseline / calm.engine.baseline).toBeCloseTo(1, 1)
  })

  it('are part of the saved state', () => {
    const { engine } = run(304, [first], [first])
    const copy = createEngine(options)
    copy.restore(JSON.parse(JSON.stringify(engine)).columns)
    for (const one of [engine, copy]) for (let i = 0; i < 10; i++) one.learn(120)
    expect(JSON.stringify(copy)).toBe(JSON.stringify(engine))
  })

  it('change nothing when there are none, or none that is near', () => {
    const none = JSON.stringify(run(120, [], []).engine.forecast())
    expect(JSON.stringify(run(120, [], [launch(900, 4)]).engine.forecast())).toBe(none)
    const { engine } = run(120, [], [])
    engine.plan([])
    expect(JSON.stringify(engine.forecast())).toBe(none)
  })

  it('must end after they begin', () => {
    const { engine } = run(10, [], [])
    expect(() => engine.plan([{ ...first, endStep: 300 }])).toThrow(/launch-300 must end after/)
  })
})
