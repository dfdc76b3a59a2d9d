import type { Allocation, Rule } from './problem.ts'
import type { SolveLimits, Solver } from './solver.ts'
import { RowBuilder } from './sparse.ts'

/** Price per unit of each shared rule's limit (≤ 0 where its upper limit binds), and what each member may cost at most. */
export type Pricing = { rules: number[]; members: number[] }

type Column = { replicas: Int32Array; usd: number; usage: Float64Array; share: number }

/** What one unit beyond a rule costs, in multiples of the dearest column: enough that no mixture pays for it. */
const slackFactor = 10

/** Mixtures of the choices that members have made so far, under the rules that they share. */
export class Master {
  private readonly columns: Column[][]
  private readonly rules: readonly Rule[]
  private readonly coefficients: Map<number, number>[][]

  constructor(members: number, rules: readonly Rule[]) {
    this.rules = rules
    this.columns = Array.from({ length: members }, () => [])
    this.coefficients = rules.map(({ terms }) => {
      const byMember = Array.from({ length: members }, () => new Map<number, number>())
      for (const { member, choice, coefficient } of terms) byMember[member]?.set(choice, coefficient)
      return byMember
    })
  }

  /** Takes a choice of a member in, unless it is known. */
  add(m: number, replicas: Int32Array, usd: number): boolean {
    const own = this.columns[m]
    if (own === undefined || own.some((column) => column.replicas.every((x, j) => x === replicas[j])))
      return false
    const usage = Float64Array.from(this.rules, (_, r) => {
      let sum = 0
      for (const [choice, coefficient] of this.coefficients[r]?.[m] ?? [])
        sum += coefficient * (replicas[choice] ?? 0)
      return sum
    })
    own.push({ replicas: replicas.slice(), usd, usage, share: own.length === 0 ? 1 : 0 })
    return true
  }

  /** The known choice that costs least at prices. */
  best(m: number, { rules }: Pricing): Int32Array {
    let least = Number.POSITIVE_INFINITY
    let best: Int32Array = new Int32Array()
    for (const { replicas, usd, usage } of this.columns[m] ?? []) {
      const priced = usage.reduce((sum, used, r) => sum - used * (rules[r] ?? 0), usd)
      if (priced >= least) continue
      least = priced
      best = replicas
    }
    return best
  }

  /** The cheapest mixture, or with `whole` one choice each; its shares stay with the columns. null where there is none. */
  solve(
    solver: Solver,
    limits: SolveLimits,
    whole = false,
  ): { prices: Pricing; costUsd: number; timeStruck: boolean } | null {
    const all = this.columns.flat()
    const dearest = Math.max(1, ...all.map(({ usd }) => usd))
    const firstSlack = all.length
    const rows = new RowBuilder()
    let first = 0
    for (const own of this.columns) {
      for (let i = 0; i < own.length; i++) rows.add(first + i, 1)
      rows.close(1, 1)
      first += own.length
    }
    for (const [r, { lower, upper }] of this.rules.entries()) {
      for (const [i, { usage }] of all.entries()) rows.add(i, usage[r] ?? 0)
      rows.add(firstSlack + 2 * r, 1)
      rows.add(firstSlack + 2 * r + 1, -1)
      rows.close(lower, upper)
    }
    const count = all.length + 2 * this.rules.length
    const solved = solver(
      {
        cost: Float64Array.from({ length: count }, (_, i) => all[i]?.usd ?? slackFactor * dearest),
        columnLower: new Float64Array(count),
        columnUpper: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
        ...rows.finish(),
        ...(whole ? { integer: Int32Array.from({ length: count }, (_, i) => (i < firstSlack ? 1 : 0)) } : {}),
      },
      limits,
    )
    if (solved.status !== 'optimal' && !(whole && solved.status === 'feasible')) return null
    for (const [i, column] of all.entries()) column.share = solved.values[i] ?? 0
    const members = this.columns.length
    return {
      prices: {
        members: Array.from(solved.rowDuals.subarray(0, members)),
        rules: Array.from(solved.rowDuals.subarray(members, members + this.rules.length)),
      },
      costUsd: solved.objective,
      timeStruck: solved.timeStruck,
    }
  }

  /** Each member's choice with the largest share of the last mixture. */
  largest(): Allocation {
    return this.columns.map((own) => {
      let best = own[0]
      for (const column of own) if (best === undefined || column.share > best.share) best = column
      return best?.replicas ?? new Int32Array()
    })
  }
}
