import { memberUsd } from './cost.ts'
import type { AllocationProblem, Member, Rule } from './problem.ts'
import { LocalSearch } from './search.ts'

/** A member with the rules that are its own. */
export type Part = { member: Member; rules: Rule[] }

/** Sweeps of the search of one member, from a choice that was best a moment ago. */
const maxSweeps = 3

export function isShared({ terms }: Rule): boolean {
  return terms.some(({ member }) => member !== terms[0]?.member)
}

/** The problem without the rules that several members share, member by member. */
export function partsOf({ members, rules }: AllocationProblem): Part[] {
  const parts = members.map((member): Part => ({ member, rules: [] }))
  for (const rule of rules) {
    if (isShared(rule)) continue
    const terms = rule.terms.map((term) => ({ ...term, member: 0 }))
    parts[rule.terms[0]?.member ?? -1]?.rules.push({ ...rule, terms })
  }
  return parts
}

/** The members at prices of the shared rules, per unit of a rule's limit: what a choice uses of it is charged. */
export function atPrices(
  parts: readonly Part[],
  shared: readonly Rule[],
  prices: ArrayLike<number>,
): Member[] {
  const surcharge = parts.map(({ member }) => new Float64Array(member.choices.length))
  for (const [r, { terms }] of shared.entries()) {
    const price = prices[r] ?? 0
    if (price === 0) continue
    for (const { member, choice, coefficient } of terms) {
      const row = surcharge[member]
      if (row !== undefined) row[choice] = (row[choice] ?? 0) - price * coefficient
    }
  }
  return parts.map(({ member }, m) => ({
    ...member,
    choices: member.choices.map((choice, j) => ({
      ...choice,
      costUsd: choice.costUsd + (surcharge[m]?.[j] ?? 0),
    })),
  }))
}

/** The best choice of one member that local search finds, and what it costs there. */
export function choose(
  member: Member,
  rules: Rule[],
  start: Int32Array,
): { replicas: Int32Array; usd: number } {
  const search = new LocalSearch({ members: [member], rules }, [start])
  search.run(maxSweeps)
  const replicas = search.allocation[0] ?? start
  return { replicas, usd: memberUsd(member, replicas) }
}
