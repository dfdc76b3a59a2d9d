import { replay, replayConfig, sceneOf, syntheticSeries, traceOf } from '../evaluation/index.ts'
import { seededRandom } from '../kernel/rng.ts'
import { type DemandQuantiles, PoolController } from '../plan/index.ts'

const MONTH_STEPS = 43_200
const STEP_SECONDS = 60
const PLANS = 2_000
const LEVELS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]

export type Speed = { plan: { name: string; meanMs: number; slowestMs: number }[]; replays: Replay[] }
type Replay = { policy: string; cpuSeconds: number }

/** CPU time of one step of the controller, and of thirty days at one-minute steps through the replay. */
export function measureSpeed(): Speed {
  return {
    plan: [
      { name: '300 s to ready, up to 40 replicas', ...measurePlan(300, 0, 40) },
      {
        name: '300 s to ready and an hour of approval, up to 2,000 replicas',
        ...measurePlan(300, 3_600, 2_000),
      },
    ],
    replays: (['hpa', 'hpa-tuned', 'infrasage'] as const).map((policy) => {
      const started = cpuSeconds()
      replay(month(), policy)
      return { policy, cpuSeconds: cpuSeconds() - started }
    }),
  }
}

export function speedLines({ plan, replays }: Speed): string {
  return [
    '### Speed\n',
    ...plan.map(
      ({ name, meanMs, slowestMs }) =>
        `- one plan of one pool (${name}): ${meanMs.toFixed(3)} ms CPU on average, ${slowestMs.toFixed(2)} ms the slowest after the first hundred`,
    ),
    ...replays.map(
      ({ policy, cpuSeconds: seconds }) =>
        `- 30 days at one-minute steps, ${policy}: ${seconds.toFixed(2)} s CPU`,
    ),
    '',
  ].join('\n')
}

function measurePlan(leadTimeSeconds: number, approvalDelaySeconds: number, maxReplicas: number) {
  const { terms } = sceneOf(
    traceOf(
      'made',
      [0, 1].map((i) => ({ line: i, seconds: i * STEP_SECONDS, value: 1 })),
    ),
    replayConfig.parse({ capacityPerReplica: 1, leadTimeSeconds, approvalDelaySeconds, maxReplicas }),
  )
  const controller = new PoolController({ terms, latency: terms, initialReplicas: 10 })
  const leads = (leadTimeSeconds + approvalDelaySeconds) / STEP_SECONDS + 2
  let slowest = 0
  let total = 0
  for (let k = 0; k < PLANS; k++) {
    const demand = (maxReplicas / 2) * (1 + 0.5 * Math.sin(k / 50))
    const forecast = spread(demand, leads)
    const started = cpuSeconds()
    controller.advance({ demand, gap: false, forecast })
    controller.advice()
    const taken = cpuSeconds() - started
    total += taken
    if (k > 100) slowest = Math.max(slowest, taken)
  }
  return { meanMs: (1000 * total) / PLANS, slowestMs: 1000 * slowest }
}

function spread(demand: number, leads: number): DemandQuantiles {
  return {
    levels: LEVELS,
    leads: Array.from({ length: leads }, (_, j) =>
      LEVELS.map((level) => demand * (1 + (level - 0.5) * Math.min(0.8, 0.1 * Math.sqrt(j + 1)))),
    ),
  }
}

function month() {
  const [diurnal] = syntheticSeries(seededRandom(1))
  const values = diurnal?.values ?? []
  const rows = Array.from({ length: MONTH_STEPS }, (_, i) => {
    // Five-minute values, a line between them.
    const at = (i / 5) % (values.length - 1)
    const low = values[Math.floor(at)] ?? 0
    const value = low + (at - Math.floor(at)) * ((values[Math.floor(at) + 1] ?? low) - low)
    return { line: i, seconds: i * STEP_SECONDS, value }
  })
  return sceneOf(
    traceOf('month', rows),
    replayConfig.parse({ capacityPerReplica: 6, shortfallUtilisation: 0.85 }),
  )
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
