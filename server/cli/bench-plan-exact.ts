import {
  type DemandLaw,
  type ExactJudgement,
  geometricMean,
  independentLaw,
  judgeAgainstExact,
  regimeLaw,
  walkLaw,
} from '../evaluation/index.ts'
import { seededRandom } from '../kernel/rng.ts'
import { table } from './bench-report.ts'

const STEPS = 20_000
const MOST_REPLICAS = 10
const NINE = [1, 2, 3, 4, 5, 6, 7, 8, 9]
const LAWS: readonly DemandLaw[] = [
  independentLaw('independent, binomial', [0, ...NINE.slice(0, 8)], [1, 8, 28, 56, 70, 56, 28, 8, 1]),
  independentLaw('independent, skewed', [0, ...NINE.slice(0, 8)], [40, 25, 15, 8, 5, 3, 2, 1, 1]),
  walkLaw('walk', NINE, 0.5, 0.01),
  walkLaw('slow walk', NINE, 0.2, 0.003),
  regimeLaw('two regimes', [1, 2, 3], [7, 8, 9], 0.02, 0.02),
  regimeLaw('short bursts', [1, 2], [6, 8], 0.01, 0.2),
  regimeLaw('long bursts', [1, 2], [6, 8], 0.005, 0.05),
]

/** The controller, told the true law of demand, against the exact dynamic programme. */
export function judgeExactly(seed: number): ExactJudgement[] {
  return LAWS.flatMap((law) =>
    [1, 2, 3].flatMap((leadSteps) =>
      [20, 100].map((penalty) =>
        judgeAgainstExact(law, { leadSteps, maxReplicas: MOST_REPLICAS, penalty }, STEPS, seededRandom(seed)),
      ),
    ),
  )
}

export function exactTable(judged: readonly ExactJudgement[]): string {
  const ratios = judged.map(({ cost, exactCost }) => cost / exactCost)
  const lines = judged.map(({ law, pool, states, cost, exactCost, exactMeanCost }) => [
    law,
    `${pool.leadSteps} steps`,
    String(pool.penalty),
    String(states),
    exactMeanCost.toFixed(3),
    exactCost.toFixed(3),
    cost.toFixed(3),
    (cost / exactCost).toFixed(4),
  ])
  const total = ['**geometric mean**', '', '', '', '', '', '', `**${geometricMean(ratios).toFixed(4)}**`]
  const worst = ['worst', '', '', '', '', '', '', Math.max(...ratios).toFixed(4)]
  return [
    '### The exact dynamic programme, where the law of demand is known\n',
    `Cost of a step in prices of one replica, over ${STEPS} draws that both see; the controller reads the true law as quantiles.\n`,
    table('law | lead | p/κ | states | optimum by theory | optimum drawn | InfraSage | to optimum', [
      ...lines,
      total,
      worst,
    ]),
  ].join('\n')
}
