import { memberUsd } from './cost.ts'
import { Master, type Pricing } from './master.ts'
import { atPrices, choose, isShared, type Part, partsOf } from './parts.ts'
import type { Allocation, AllocationProblem, Rule } from './problem.ts'
import { clippedStart } from './search.ts'
import type { SolveLimits, Solver } from './solver.ts'
import { sparseModel } from './sparse.ts'

/** Rounds of new choices; they end by themselves once a round brings less than this share. */
const maxRounds = 8
const minProgress = 5e-4

/** Up to so many members, each one's bound is proven over whole replicas; more would take too long. */
const provenMembers = 48
const memberLimits = { relativeGap: 2e-3, maxNodes: 50 }

/** Up to so many members, the mixture is solved for one choice each; for more, hardly any is mixed. */
const wholeMembers = 200
const mixLimits = { relativeGap: 2e-3, maxNodes: 200 }

export type PricedAllocation = {
  /** May break rules that several members share, by little. None where the solver gave nothing. */
  candidates: Allocation[]
  boundUsd: number | null
  timeStruck: boolean
}

/**
 * Price decomposition (Dantzig & Wolfe 1960). The linear relaxation of the whole gives every shared rule its price, and
 * a lower bound. At the prices, each member chooses whole replicas by local search; a master programme mixes the choices found so
 * far under the shared rules and sets the prices anew, until no choice pays. Of its mixture, which is
 * fractional for at most as many members as there are shared rules, each takes the choice with the largest share; for few
 * members a last mixture is of whole choices, and the bound is raised to that of whole replicas at the first prices (Lagrangian relaxation; Geoffrion 1974).
 */
export function solveByPrices(
  problem: AllocationProblem,
  solver: Solver,
  limits: SolveLimits,
): PricedAllocation {
  const whole = sparseModel(problem, false)
  const relaxed = solver(whole, limits)
  if (relaxed.status !== 'optimal') {
    return { candidates: [], boundUsd: null, timeStruck: relaxed.timeStruck }
  }
  const parts = partsOf(problem)
  const shared = problem.rules.filter(isShared)
  const master = new Master(problem.members.length, shared)
  for (const [m, replicas] of clippedStart(problem).entries()) addColumn(master, problem, m, replicas)
  let prices: Pricing = {
    rules: problem.rules.flatMap((rule, r) =>
      isShared(rule) ? [relaxed.rowDuals[whole.firstRule + r] ?? 0] : [],
    ),
    members: parts.map(() => Number.POSITIVE_INFINITY),
  }
  let boundUsd = relaxed.objective + whole.constantUsd
  if (parts.length <= provenMembers) {
    boundUsd = Math.max(boundUsd, boundAt(parts, shared, prices, solver, limits))
  }
  let timeStruck = relaxed.timeStruck
  let costUsd = Number.POSITIVE_INFINITY
  for (let round = 0; round < maxRounds; round++) {
    let added = false
    for (const [m, member] of atPrices(parts, shared, prices.rules).entries()) {
      const found = choose(member, parts[m]?.rules ?? [], master.best(m, prices))
      if (found.usd > (prices.members[m] ?? 0) - 1e-6 * Math.abs(found.usd) - 1e-9) continue
      added = addColumn(master, problem, m, found.replicas) || added
    }
    if (!added) break
    const solved = master.solve(solver, limits)
    if (solved === null) break
    timeStruck ||= solved.timeStruck
    prices = solved.prices
    if (costUsd - solved.costUsd < minProgress * Math.abs(solved.costUsd)) break
    costUsd = solved.costUsd
  }
  const candidates = [master.largest()]
  if (parts.length <= wholeMembers && master.solve(solver, { ...limits, ...mixLimits }, true) !== null) {
    candidates.push(master.largest())
  }
  return { candidates, boundUsd, timeStruck }
}

function addColumn(master: Master, { members }: AllocationProblem, m: number, replicas: Int32Array): boolean {
  const member = members[m]
  return member !== undefined && master.add(m, replicas, memberUsd(member, replicas))
}

/** Σ of what each member costs at least at the prices, and what the rules earn at them: a lower bound of the whole. */
function boundAt(
  parts: readonly Part[],
  shared: readonly Rule[],
  prices: Pricing,
  solver: Solver,
  limits: SolveLimits,
): number {
  let bound = 0
  for (const [r, { lower, upper }] of shared.entries()) {
    const price = prices.rules[r] ?? 0
    if (price !== 0) bound += price * (price < 0 ? upper : lower)
  }
  for (const [m, member] of atPrices(parts, shared, prices.rules).entries()) {
    const model = sparseModel({ members: [member], rules: parts[m]?.rules ?? [] }, true)
    bound += solver(model, { ...limits, ...memberLimits }).bound + model.constantUsd
  }
  return bound
}
