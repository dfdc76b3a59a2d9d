import type { Allocation, AllocationProblem, Rule } from './problem.ts'
import type { LinearModel } from './solver.ts'

/** Where replicas of a choice stand in the columns: up to the current number, and above it; −1 where there is none. */
type Columns = { kept: number; added: number }

export type SparseModel = LinearModel & {
  /** Rows of the rules, in their order, from this one on. */
  firstRule: number
  /** Cost that no column carries. */
  constantUsd: number
  /** Rounds a solution's columns to replicas. */
  read: (values: ArrayLike<number>) => Allocation
  /** Columns of an allocation; shortfall columns as its capacity leaves them. */
  write: (allocation: Allocation) => Float64Array
}

/**
 * The problem as one sparse model by rows. Replicas up to and above the present number are columns of their own (cost and
 * use are convex, so the first fill before the second); what is short is one column per interval between two demands, with
 * the weight of all demands above it as its cost: exact, with one row per case instead of one per sampled path.
 */
export function sparseModel(problem: AllocationProblem, integer: boolean): SparseModel {
  const rows = new RowBuilder()
  const cost: number[] = []
  const columnLower: number[] = []
  const columnUpper: number[] = []
  const whole: number[] = []
  const column = (usd: number, lower: number, upper: number, isWhole: boolean): number => {
    whole.push(isWhole ? 1 : 0)
    columnLower.push(lower)
    columnUpper.push(upper)
    return cost.push(usd) - 1
  }
  let constantUsd = 0
  const places: Columns[][] = problem.members.map(({ choices }) =>
    choices.map(({ current, lower, upper, costUsd, startUsd, stopUsd }) => {
      constantUsd += stopUsd * current
      const keptMost = Math.min(current, upper)
      const kept = keptMost > 0 ? column(costUsd - stopUsd, Math.min(lower, keptMost), keptMost, true) : -1
      const added =
        upper > current ? column(costUsd + startUsd, Math.max(0, lower - current), upper - current, true) : -1
      return { kept, added }
    }),
  )
  const shortColumns: { first: number; widths: number[] }[][] = problem.members.map(({ cases }, m) =>
    cases.map(({ kept, added, demands, weights }) => {
      const own = places[m] ?? []
      own.forEach((at, j) => {
        rows.add(at.kept, kept[j] ?? 0)
        rows.add(at.added, added[j] ?? 0)
      })
      const first = cost.length
      const widths: number[] = []
      let above = weights.reduce((sum, weight) => sum + weight, 0)
      let low = 0
      for (let b = 0; b < demands.length; b++) {
        const width = (demands[b] ?? 0) - low
        if (width > 0) {
          rows.add(column(above, 0, width, false), 1)
          widths.push(width)
          low += width
        }
        above -= weights[b] ?? 0
      }
      rows.close(low, Number.POSITIVE_INFINITY)
      return { first, widths }
    }),
  )
  const firstRule = rows.count
  for (const rule of problem.rules) addRule(rows, rule, places)
  const read = (values: ArrayLike<number>) =>
    places.map((own) =>
      Int32Array.from(own, ({ kept, added }) =>
        Math.round((kept < 0 ? 0 : (values[kept] ?? 0)) + (added < 0 ? 0 : (values[added] ?? 0))),
      ),
    )
  const write = (allocation: Allocation) => {
    const values = new Float64Array(cost.length)
    problem.members.forEach(({ choices, cases }, m) => {
      const covered = new Float64Array(cases.length)
      choices.forEach(({ current }, j) => {
        const x = allocation[m]?.[j] ?? 0
        const at = places[m]?.[j]
        const below = Math.min(x, current)
        if (at !== undefined && at.kept >= 0) values[at.kept] = below
        if (at !== undefined && at.added >= 0) values[at.added] = x - below
        cases.forEach(({ kept, added }, k) => {
          covered[k] = (covered[k] ?? 0) + (kept[j] ?? 0) * below + (added[j] ?? 0) * (x - below)
        })
      })
      shortColumns[m]?.forEach(({ first, widths }, k) => {
        // The dearest unit, that nearest to zero demand, is served first.
        let left = covered[k] ?? 0
        widths.forEach((width, i) => {
          const served = Math.min(width, left)
          values[first + i] = width - served
          left -= served
        })
      })
    })
    return values
  }
  return {
    cost: Float64Array.from(cost),
    columnLower: Float64Array.from(columnLower),
    columnUpper: Float64Array.from(columnUpper),
    ...rows.finish(),
    ...(integer ? { integer: Int32Array.from(whole) } : {}),
    firstRule,
    constantUsd,
    read,
    write,
  }
}

function addRule(rows: RowBuilder, rule: Rule, places: Columns[][]): void {
  for (const { member, choice, coefficient } of rule.terms) {
    const at = places[member]?.[choice]
    if (at === undefined) continue
    rows.add(at.kept, coefficient)
    rows.add(at.added, coefficient)
  }
  rows.close(rule.lower, rule.upper)
}

/** Compressed rows, written one after the other. */
export class RowBuilder {
  private readonly starts: number[] = [0]
  private readonly indices: number[] = []
  private readonly values: number[] = []
  private readonly lower: number[] = []
  private readonly upper: number[] = []

  get count(): number {
    return this.lower.length
  }

  add(column: number, value: number): void {
    if (column < 0 || value === 0) return
    this.indices.push(column)
    this.values.push(value)
  }

  close(lower: number, upper: number): void {
    this.lower.push(lower)
    this.upper.push(upper)
    this.starts.push(this.indices.length)
  }

  finish() {
    return {
      rowLower: Float64Array.from(this.lower),
      rowUpper: Float64Array.from(this.upper),
      starts: Int32Array.from(this.starts),
      indices: Int32Array.from(this.indices),
      values: Float64Array.from(this.values),
    }
  }
}
