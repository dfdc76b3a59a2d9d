import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import { Slab } from '../numeric/slab.ts'
import { Squint } from './squint.ts'

const EXPERTS = 4
const PRIORS = [0.9, 0.05, 0.03, 0.02]

/** Plays rounds of losses in [0, 1] (NaN: asleep) and checks the bound to every expert after each of them. */
function play(rounds: Iterable<readonly number[]>): Squint {
  const rule = new Squint(new Slab(), 'rule', 1, PRIORS)
  const regrets = PRIORS.map(() => 0)
  for (const losses of rounds) {
    const own = rule.learn(0, Float64Array.from(losses), 1)
    for (const [k, loss] of losses.entries()) {
      if (!Number.isNaN(loss)) regrets[k] = (regrets[k] ?? 0) + own - loss
      expect(regrets[k]).toBeLessThanOrEqual(rule.bound(0, k) + 1e-9)
    }
  }
  for (const [k, regret] of regrets.entries()) expect(rule.regret(0, k)).toBeCloseTo(regret, 6)
  return rule
}

const round = fc.array(
  fc.oneof({ weight: 9, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) }, fc.constant(Number.NaN)),
  {
    minLength: EXPERTS,
    maxLength: EXPERTS,
  },
)

describe('Squint', () => {
  it('never regrets more than its bound, to no expert, whatever the losses and whoever sleeps', () => {
    fc.assert(
      fc.property(fc.array(round, { maxLength: 300 }), (rounds) => {
        play(rounds.filter((losses) => losses.some((loss) => !Number.isNaN(loss))))
      }),
      { numRuns: 60 },
    )
  })

  it('holds against an adversary that always punishes whom it trusts most', () => {
    const rule = new Squint(new Slab(), 'rule', 1, PRIORS)
    for (let t = 0; t < 3000; t++) {
      const trusted = rule.weights.indexOf(Math.max(...rule.weights))
      rule.learn(
        0,
        Float64Array.from(PRIORS, (_, k) => (k === trusted ? 1 : 0)),
        1,
      )
      for (let k = 0; k < EXPERTS; k++) expect(rule.regret(0, k)).toBeLessThanOrEqual(rule.bound(0, k))
    }
  })

  it('holds against two experts that are right in turn for longer and longer', () => {
    play(
      Array.from({ length: 4000 }, (_, t) =>
        Math.floor(Math.log2(t + 1)) % 2 === 0 ? [0, 1, 0.5, 1] : [1, 0, 0.5, 1],
      ),
    )
  })

  it('finds the best of them: a bound far below √T where one is better all along', () => {
    const random = seededRandom(4)
    const rounds = Array.from({ length: 4000 }, () =>
      [0.5, 0.3, 0.6, 0.6].map((mean) => mean + 0.2 * (random() - 0.5)),
    )
    const rule = play(rounds)
    const total = rule.weights.reduce((sum, weight) => sum + weight, 0)
    expect((rule.weights[1] ?? 0) / total).toBeGreaterThan(0.99)
    expect(rule.bound(0, 1)).toBeLessThan(Math.sqrt(4000) / 2)
  })

  it('hears the only one that is awake, however badly it stands', () => {
    const rule = new Squint(new Slab(), 'rule', 1, PRIORS)
    for (let t = 0; t < 5000; t++) rule.learn(0, Float64Array.of(0, 0, 0, 1), 1)
    expect(rule.learn(0, Float64Array.of(Number.NaN, Number.NaN, Number.NaN, 0.7), 1)).toBeCloseTo(0.7, 12)
  })
})
