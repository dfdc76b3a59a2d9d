import { capacities, excess, ruleValue, runningUsd } from './cost.ts'
import type { Allocation, AllocationProblem, DemandCase, Member } from './problem.ts'

/** Steps that one member takes in a sweep; a few are the rule. */
const maxSteps = 200

/** Improvements below this are noise of the arithmetic. */
const noiseUsd = 1e-9

/** What stands, brought into the bounds of its choices. */
export function clippedStart({ members }: AllocationProblem): Allocation {
  return members.map(({ choices }) =>
    Int32Array.from(choices, ({ current, lower, upper }) => Math.min(upper, Math.max(lower, current))),
  )
}

/**
 * Local search over whole replicas: one choice of a member goes up or down, or capacity goes from one choice to another,
 * taking the best step of the member until none helps. What breaks a rule is mended first, and no step ever makes a
 * broken rule worse or breaks one that holds; so from a feasible start every step is feasible.
 */
export class LocalSearch {
  readonly allocation: Allocation
  private readonly problem: AllocationProblem
  private readonly values: Float64Array
  private readonly capacity: Float64Array[]
  private readonly tails: Tail[][]
  /** Rules that a choice takes part in, by member and choice. */
  private readonly parts: { rule: number; coefficient: number }[][][]

  constructor(problem: AllocationProblem, start: Allocation) {
    this.problem = problem
    this.allocation = start.map((replicas) => replicas.slice())
    this.values = Float64Array.from(problem.rules, (rule) => ruleValue(rule, start))
    this.capacity = problem.members.map((member, m) => capacities(member, start[m] ?? []))
    this.tails = problem.members.map(({ cases }) => cases.map(tailOf))
    this.parts = problem.members.map(({ choices }) => choices.map(() => []))
    problem.rules.forEach(({ terms }, rule) => {
      for (const { member, choice, coefficient } of terms) {
        this.parts[member]?.[choice]?.push({ rule, coefficient })
      }
    })
  }

  /** Sweeps over all members until a sweep changes nothing. Returns whether every rule holds. */
  run(maxSweeps: number): boolean {
    for (let sweep = 0; sweep < maxSweeps; sweep++) {
      let moved = false
      for (const [m, member] of this.problem.members.entries()) moved = this.settle(m, member) || moved
      if (!moved) break
    }
    return this.broken().length === 0
  }

  /** Indices of the rules that do not hold. */
  broken(): number[] {
    return this.problem.rules.flatMap((rule, r) => (excess(rule, this.values[r] ?? 0) > 0 ? [r] : []))
  }

  /**
   * Takes the steps that mend broken rules for the least money per unit mended, over all members at once.
   * Returns whether every rule holds.
   */
  mend(maxSteps: number): boolean {
    let left = maxSteps
    for (;;) {
      const rule = this.broken()[0]
      if (rule === undefined) return true
      const members = [...new Set(this.problem.rules[rule]?.terms.map(({ member }) => member))]
      // Each member's best step is worked out once, and again only when it was taken or no longer holds.
      const best = new Map(members.map((m) => [m, this.bestMending(m)]))
      while (excess(this.problem.rules[rule] ?? nothing, this.values[rule] ?? 0) > 0) {
        const [m, step] = cheapest(best)
        if (m < 0 || step === null || left-- <= 0) return false
        const still = this.judge(m, this.problem.members[m] ?? nobody, step.moves)
        if (still !== null && Math.abs(rateOf(still) - rateOf(step)) <= 1e-9 * Math.abs(rateOf(step))) {
          this.take(m, step.moves)
        }
        best.set(m, this.bestMending(m))
      }
    }
  }

  private bestMending(m: number): Step | null {
    const member = this.problem.members[m] ?? nobody
    let best: Step | null = null
    for (const moves of this.candidates(m, member)) {
      const found = this.judge(m, member, moves)
      if (found === null || found.mended <= 0) continue
      if (best === null || rateOf(found) > rateOf(best)) best = found
    }
    return best
  }

  private settle(m: number, member: Member): boolean {
    for (let step = 0; step < maxSteps; step++) {
      let best: Step | null = null
      for (const moves of this.candidates(m, member)) {
        const found = this.judge(m, member, moves)
        if (found !== null && better(found, best)) best = found
      }
      if (best === null) return step > 0
      this.take(m, best.moves)
    }
    return true
  }

  /** Steps of one and of many replicas, alone and against another choice that serves about as much. */
  private *candidates(m: number, { choices, cases }: Member): Generator<Move[]> {
    const own = this.allocation[m] ?? []
    const unit = choices.map((_, j) => Math.max(...cases.map(({ kept }) => kept[j] ?? 0)))
    for (const [i, { lower, upper }] of choices.entries()) {
      const x = own[i] ?? 0
      for (const by of sizes(upper - x)) yield [{ choice: i, by }]
      for (const by of sizes(x - lower)) yield [{ choice: i, by: -by }]
      for (const by of x - lower > 1 ? [1, x - lower] : x > lower ? [1] : []) {
        const given = by * (unit[i] ?? 0)
        for (const [j, other] of choices.entries()) {
          if (j === i || !(unit[j] ?? 0)) continue
          const room = other.upper - (own[j] ?? 0)
          const even = given / (unit[j] ?? 1)
          for (const taken of new Set([Math.floor(even), Math.ceil(even - 1e-9)])) {
            if (taken > 0 && taken <= room)
              yield [
                { choice: i, by: -by },
                { choice: j, by: taken },
              ]
          }
        }
      }
    }
  }

  /** What a step saves and mends; null where it makes a rule worse, or does neither. */
  private judge(m: number, member: Member, moves: Move[]): Step | null {
    let mended = 0
    for (const { rule, by } of this.ruleChanges(m, moves)) {
      const law = this.problem.rules[rule]
      const value = this.values[rule] ?? 0
      if (law === undefined) continue
      const change = excess(law, value) - excess(law, value + by)
      if (change < -1e-7 * ruleScale(law)) return null
      mended += change / ruleScale(law)
    }
    const gain = this.gainOf(m, member, moves)
    return mended > 1e-9 || gain > noiseUsd ? { moves, gain, mended } : null
  }

  private ruleChanges(m: number, moves: Move[]): { rule: number; by: number }[] {
    const single = moves.length === 1
    const changes: { rule: number; by: number }[] = []
    for (const { choice, by } of moves) {
      for (const { rule, coefficient } of this.parts[m]?.[choice] ?? []) {
        const known = single ? undefined : changes.find((change) => change.rule === rule)
        if (known === undefined) changes.push({ rule, by: coefficient * by })
        else known.by += coefficient * by
      }
    }
    return changes
  }

  private gainOf(m: number, member: Member, moves: Move[]): number {
    const own = this.allocation[m] ?? []
    let gain = 0
    for (const { choice, by } of moves) {
      const x = own[choice] ?? 0
      gain += runningUsd(member, choice, x) - runningUsd(member, choice, x + by)
    }
    const capacity = this.capacity[m] ?? []
    for (const [k, demandCase] of member.cases.entries()) {
      const tail = this.tails[m]?.[k]
      const before = capacity[k] ?? 0
      const after = before + capacityChange(member, demandCase, own, moves)
      if (tail !== undefined && after !== before) gain += shortOf(tail, before) - shortOf(tail, after)
    }
    return gain
  }

  private take(m: number, moves: Move[]): void {
    const own = this.allocation[m]
    const member = this.problem.members[m]
    if (own === undefined || member === undefined) return
    for (const { rule, by } of this.ruleChanges(m, moves)) this.values[rule] = (this.values[rule] ?? 0) + by
    for (const { choice, by } of moves) own[choice] = (own[choice] ?? 0) + by
    this.capacity[m] = capacities(member, own)
  }
}

type Move = { choice: number; by: number }
/** `gain` in USD; `mended`: excess over rules that goes, relative to their size. */
type Step = { moves: Move[]; gain: number; mended: number }

const nothing = { words: '', lower: 0, upper: 0, terms: [] }
const nobody: Member = { id: '', choices: [], cases: [] }

/** USD gained per unit mended; less than 0 where mending costs. */
function rateOf({ gain, mended }: Step): number {
  return gain / mended
}

function cheapest(best: ReadonlyMap<number, Step | null>): [member: number, step: Step | null] {
  let found: [number, Step | null] = [-1, null]
  for (const [m, step] of best) {
    if (step !== null && (found[1] === null || rateOf(step) > rateOf(found[1]))) found = [m, step]
  }
  return found
}

function better(found: Step, best: Step | null): boolean {
  if (best === null) return true
  if (found.mended > 1e-9 || best.mended > 1e-9) {
    if (Math.abs(found.mended - best.mended) > 1e-9) return found.mended > best.mended
  }
  return found.gain > best.gain + noiseUsd
}

function ruleScale({ lower, upper }: { lower: number; upper: number }): number {
  const limit = Number.isFinite(upper) ? upper : lower
  return Math.max(1, Math.abs(limit))
}

/** One, then doubling, then all. */
function* sizes(most: number): Generator<number> {
  for (let by = 1; by < most; by *= 2) yield by
  if (most > 0) yield most
}

function capacityChange(
  { choices }: Member,
  { kept, added }: DemandCase,
  own: ArrayLike<number>,
  moves: Move[],
): number {
  let change = 0
  for (const { choice, by } of moves) {
    const current = choices[choice]?.current ?? 0
    const before = own[choice] ?? 0
    const after = before + by
    const keptChange = Math.min(after, current) - Math.min(before, current)
    change += (kept[choice] ?? 0) * keptChange + (added[choice] ?? 0) * (by - keptChange)
  }
  return change
}

/** Sums over the demands from one on, so that expected shortfall is one subtraction. */
type Tail = { demands: Float64Array; weight: Float64Array; weighted: Float64Array }

function tailOf({ demands, weights }: DemandCase): Tail {
  const count = demands.length
  const weight = new Float64Array(count + 1)
  const weighted = new Float64Array(count + 1)
  for (let b = count - 1; b >= 0; b--) {
    weight[b] = (weight[b + 1] ?? 0) + (weights[b] ?? 0)
    weighted[b] = (weighted[b + 1] ?? 0) + (weights[b] ?? 0) * (demands[b] ?? 0)
  }
  return { demands, weight, weighted }
}

function shortOf({ demands, weight, weighted }: Tail, capacity: number): number {
  let low = 0
  let high = demands.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((demands[middle] ?? 0) > capacity) high = middle
    else low = middle + 1
  }
  return (weighted[low] ?? 0) - (weight[low] ?? 0) * capacity
}
