import { seededRandom } from '../../../kernel/rng.ts'
import type { AllocationProblem, Choice, DemandCase, Member, Rule } from '../problem.ts'

export type ProblemShape = {
  members: number
  offerings: number
  periods: number
  points: number
  /** Largest number of replicas that a choice may grow by. */
  growth: number
  /** Quotas as a share of what would be taken without them; 0: none. */
  quotaShare: number
}

const hardware = [
  { priceUsd: 1, serves: 1, lead: 0 },
  { priceUsd: 2, serves: 2.2, lead: 0 },
  { priceUsd: 3.5, serves: 4, lead: 1 },
  { priceUsd: 6, serves: 7, lead: 1 },
]
const markets = [
  { factor: 1, reclaimed: 0 },
  { factor: 0.4, reclaimed: 0.05 },
  { factor: 0.2, reclaimed: 0 },
]

/**
 * A synthetic fleet: four hardware classes on three markets, log-normal sizes, demand that grows over the periods, some
 * capacity standing already. Shortfall costs 20 times the dearest unit.
 */
export function syntheticFleet(shape: ProblemShape, seed: number): AllocationProblem {
  const random = seededRandom(seed)
  const offerings = Array.from({ length: shape.offerings }, (_, o) => {
    const kind = hardware[o % hardware.length] ?? { priceUsd: 1, serves: 1, lead: 0 }
    const market = markets[Math.floor(o / hardware.length) % markets.length] ?? { factor: 1, reclaimed: 0 }
    return { ...kind, priceUsd: kind.priceUsd * market.factor, reclaimed: market.reclaimed }
  })
  const members = Array.from({ length: shape.members }, (_, m): Member => {
    const level = 1 + Math.exp(4 * random())
    const spread = 0.1 + 0.2 * random()
    const fit = hardware.map(() => 0.7 + 0.6 * random())
    const serves = offerings.map(({ serves: units }, o) => units * (fit[o % hardware.length] ?? 1))
    const choices = offerings.map(({ priceUsd }, o): Choice => {
      const units = serves[o] ?? 1
      const current = random() < 0.15 ? Math.floor((random() * level) / units) : 0
      const upper = current + Math.min(shape.growth, Math.ceil((2 * level) / units))
      return {
        current,
        lower: 0,
        upper,
        costUsd: priceUsd,
        startUsd: 0.05 * priceUsd,
        stopUsd: 0,
      }
    })
    const cases = Array.from({ length: shape.periods }, (_, p) => {
      const demands = Float64Array.from({ length: shape.points }, () => {
        const deviation = 1.7 * (random() + random() + random() + random() - 2)
        return Math.max(0, level * (1 + (0.3 * p) / shape.periods) * (1 + spread * deviation))
      }).sort()
      const lost =
        p < shape.periods - 1 ? [] : offerings.flatMap(({ reclaimed }, o) => (reclaimed > 0 ? [o] : []))
      const chance = (o: number) => offerings[o]?.reclaimed ?? 0
      const whole = 1 - lost.reduce((sum, o) => sum + chance(o), 0)
      return [{ o: -1, probability: whole }, ...lost.map((o) => ({ o, probability: chance(o) }))].map(
        ({ o: gone, probability }): DemandCase => ({
          kept: Float64Array.from(serves, (units, o) => (o === gone ? 0 : units)),
          added: Float64Array.from(serves, (units, o) =>
            o === gone || (offerings[o]?.lead ?? 0) > p ? 0 : units,
          ),
          demands,
          weights: new Float64Array(shape.points).fill((20 * probability) / shape.periods / shape.points),
        }),
      )
    }).flat()
    return { id: `w${m}`, choices, cases }
  })
  return { members, rules: shape.quotaShare > 0 ? quotas(members, offerings, shape.quotaShare) : [] }
}

function quotas(members: Member[], offerings: { priceUsd: number; serves: number }[], share: number): Rule[] {
  const level = members.reduce((sum, { cases }) => sum + (cases[0]?.demands.at(-1) ?? 0), 0)
  const standing = (o: number) => members.reduce((sum, { choices }) => sum + (choices[o]?.current ?? 0), 0)
  const quota = offerings.map(({ serves }, o): Rule => {
    const upper = Math.max(standing(o), Math.floor((share * level) / serves / 4))
    const terms = members.map((_, member) => ({ member, choice: o, coefficient: 1 }))
    return { words: `the quota of ${upper} at offering ${o}`, lower: Number.NEGATIVE_INFINITY, upper, terms }
  })
  const paid = offerings.reduce((sum, { priceUsd }, o) => sum + priceUsd * standing(o), 0)
  const limit = Math.max(paid, share * level)
  const budget: Rule = {
    words: `the budget of $${limit.toFixed(2)}/h`,
    lower: Number.NEGATIVE_INFINITY,
    upper: limit,
    terms: members.flatMap((_, member) =>
      offerings.map(({ priceUsd }, choice) => ({ member, choice, coefficient: priceUsd })),
    ),
  }
  return [...quota, budget]
}
