import { type Allocation, type AllocationProblem, type Member, type Rule, ruleTolerance } from './problem.ts'

/** Replicas as they are. */
export function standing({ members }: AllocationProblem): Allocation {
  return members.map(({ choices }) => Int32Array.from(choices, ({ current }) => current))
}

/** Capacity of each case under `replicas`, in units of demand. */
export function capacities({ choices, cases }: Member, replicas: ArrayLike<number>): Float64Array {
  return Float64Array.from(cases, ({ kept, added }) => {
    let sum = 0
    for (let j = 0; j < choices.length; j++) {
      const x = replicas[j] ?? 0
      const current = choices[j]?.current ?? 0
      sum += (kept[j] ?? 0) * Math.min(x, current) + (added[j] ?? 0) * Math.max(0, x - current)
    }
    return sum
  })
}

/** What running, starting and stopping `replicas` of choice `j` costs, in USD. */
export function runningUsd({ choices }: Member, j: number, replicas: number): number {
  const choice = choices[j]
  if (choice === undefined) return 0
  const change = replicas - choice.current
  return choice.costUsd * replicas + (change > 0 ? choice.startUsd * change : -choice.stopUsd * change)
}

/** Expected cost of what is short over all cases, in USD. */
export function shortfallUsd({ cases }: Member, capacity: ArrayLike<number>): number {
  let sum = 0
  for (const [k, { demands, weights }] of cases.entries()) {
    const y = capacity[k] ?? 0
    for (let b = demands.length - 1; b >= 0 && (demands[b] ?? 0) > y; b--)
      sum += (weights[b] ?? 0) * ((demands[b] ?? 0) - y)
  }
  return sum
}

/** What one member costs, in USD over the span. */
export function memberUsd(member: Member, replicas: ArrayLike<number>): number {
  let sum = shortfallUsd(member, capacities(member, replicas))
  for (let j = 0; j < member.choices.length; j++) sum += runningUsd(member, j, replicas[j] ?? 0)
  return sum
}

/** What an allocation costs, in USD over the span. */
export function allocationUsd({ members }: AllocationProblem, allocation: Allocation): number {
  return members.reduce((sum, member, m) => sum + memberUsd(member, allocation[m] ?? []), 0)
}

/** Left side of a rule. */
export function ruleValue({ terms }: Rule, allocation: Allocation): number {
  let sum = 0
  for (const { member, choice, coefficient } of terms)
    sum += coefficient * (allocation[member]?.[choice] ?? 0)
  return sum
}

/** How far a value lies outside of a rule; 0 within its tolerance. */
export function excess({ lower, upper }: Rule, value: number): number {
  if (value > upper + ruleTolerance(upper)) return value - upper
  if (value < lower - ruleTolerance(lower)) return lower - value
  return 0
}

/** Whether bounds and rules all hold. */
export function isFeasible({ members, rules }: AllocationProblem, allocation: Allocation): boolean {
  const inBounds = members.every(({ choices }, m) =>
    choices.every(({ lower, upper }, j) => {
      const x = allocation[m]?.[j] ?? 0
      return Number.isInteger(x) && x >= lower && x <= upper
    }),
  )
  return inBounds && rules.every((rule) => excess(rule, ruleValue(rule, allocation)) === 0)
}
