import { parseArgs } from 'node:util'
import { isFeasible } from '../cost.ts'
import { solveAllocation } from '../solve.ts'
import { loadSolver } from '../solver.ts'
import { syntheticFleet } from './any-problem.ts'

/**
 * `npm run bench:coupled`: a plan for a synthetic fleet, by default 1,000 workloads over 12 offerings that share quotas
 * and one budget; how long it takes on one core, what it costs, and the proven gap. Times are CPU time of the process.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      workloads: { type: 'string', default: '1000' },
      offerings: { type: 'string', default: '12' },
      seeds: { type: 'string', default: '3' },
    },
  })
  const solver = await loadSolver()
  const shape = {
    members: Number(values.workloads),
    offerings: Number(values.offerings),
    periods: 2,
    points: 12,
    growth: Number.POSITIVE_INFINITY,
    quotaShare: 0.5,
  }
  const say = (...cells: string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`)
  say(
    'seed',
    'method',
    'cost $/h',
    'bound $/h',
    'gap',
    'feasible',
    'same again',
    'CPU s',
    'without solver $/h',
    'CPU s',
  )
  say(...Array.from({ length: 10 }, () => '---'))
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const problem = syntheticFleet(shape, seed)
    const [found, seconds] = timed(() => solveAllocation(problem, solver))
    const [again] = timed(() => solveAllocation(problem, solver))
    const [alone, aloneSeconds] = timed(() => solveAllocation(problem, null))
    if (found === null || alone === null) throw new Error(`No plan for seed ${seed}.`)
    say(
      String(seed),
      found.method,
      found.costUsd.toFixed(2),
      found.boundUsd?.toFixed(2) ?? 'none',
      found.gap === null ? 'unknown' : `${(100 * found.gap).toFixed(2)}%`,
      String(isFeasible(problem, found.allocation)),
      String(JSON.stringify(again) === JSON.stringify(found)),
      seconds.toFixed(1),
      alone.costUsd.toFixed(2),
      aloneSeconds.toFixed(1),
    )
  }
}

/** What a function gives, and the CPU seconds of the whole process meanwhile. */
function timed<T>(work: () => T): [T, number] {
  const start = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(start)
  return [result, (user + system) / 1e6]
}

await main()
