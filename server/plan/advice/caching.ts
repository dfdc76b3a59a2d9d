import type { Advice, AdviceChart, Ground } from '../contract.ts'
import {
  confidenceIn,
  type DemandStep,
  demandSteps,
  mean,
  monthly,
  percent,
  replicasFor,
  takenPerReplica,
  usd,
  usualPrice,
} from './figures.ts'
import type { PoolSource } from './source.ts'

/** Of the requests that repeat, what a cache answers at the least: others come back after the answer is too old. */
const leastHit = 0.5
const title = 'Caching'

/**
 * What answering repeated requests from a cache would save: replicas that the rest needs, against those that all need. A cache is
 * taken to cost nothing beside them. Null for what is not requests.
 */
export function adviseCaching(source: PoolSource): Advice | null {
  const { workload } = source
  const steps = demandSteps(source)
  if (workload.kind !== 'inference' || workload.unit !== 'req/s' || steps.length === 0) return null
  const repeat = repeatOf(source)
  const perReplica = takenPerReplica(source)
  const chart = chartOf(source, steps, perReplica.value ?? 1, repeat.value)
  if (repeat.value === null) {
    return {
      kind: 'caching',
      title,
      verdict: 'unknown',
      summary:
        'How many requests repeat earlier ones is neither measured (signal repeat_ratio) nor stated on the workload; ' +
        'the chart shows what each share would be worth.',
      savingPerMonthUsd: null,
      restsOn: [repeat, perReplica],
      confidence: 'low',
      confidenceWhy: 'The share of repeats decides, and is not known.',
      wrongWhen: [],
      chart,
    }
  }
  const share = repeat.value / 100
  const low = monthly(savingOf(source, steps, perReplica.value ?? 1, share * leastHit)).low
  const high = monthly(savingOf(source, steps, perReplica.value ?? 1, share)).high
  const worth = low > 0
  return {
    kind: 'caching',
    title,
    verdict: worth ? 'change' : 'keep',
    summary: worth
      ? `A cache in front would answer ${percent(share * leastHit)} to ${percent(share)} of the requests and save ${usd(low)} to ${usd(high)} a month.`
      : `A cache would answer at most ${percent(share)} of the requests, which is not worth a replica on every day.`,
    savingPerMonthUsd: { low, high },
    restsOn: [
      repeat,
      {
        label: 'Repeats that a cache answers, at least',
        value: leastHit * 100,
        unit: '%',
        source: 'assumed',
      },
      perReplica,
      {
        label: 'Mean demand',
        value: mean(steps.map(({ demand }) => demand)),
        unit: workload.unit,
        source: 'measured',
      },
    ],
    ...confidenceIn(
      source,
      repeat.source === 'declared' ? 'the share of repeats is stated, not measured' : null,
    ),
    wrongWhen: [
      'Answers must be fresh or personal, so that the same question may not get the same answer.',
      'Repeats are the cheap requests: each is taken to cost as much as any other.',
      'p99 stays that of the requests that miss; a cache shortens the median, not the tail.',
    ],
    chart,
  }
}

function repeatOf({ workload, measuredRepeatShare }: PoolSource): Ground {
  const measured = measuredRepeatShare !== null
  const share = measuredRepeatShare ?? workload.repeatShare
  return {
    label: 'Requests that repeat an earlier one',
    value: share === null ? null : share * 100,
    unit: '%',
    source: measured ? 'measured' : 'declared',
  }
}

function savingOf(source: PoolSource, steps: readonly DemandStep[], perReplica: number, hit: number) {
  const price = usualPrice(source)
  return steps.map(({ atMs, demand }) => {
    const all = replicasFor(demand, perReplica, source.minReplicas)
    return { atMs, usd: (all - replicasFor(demand * (1 - hit), perReplica, source.minReplicas)) * price }
  })
}

function chartOf(
  source: PoolSource,
  steps: readonly DemandStep[],
  perReplica: number,
  repeatPercent: number | null,
): AdviceChart {
  const shares = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
  return {
    title: 'Saving over the share that a cache answers',
    x: { label: 'Requests answered from the cache', unit: '%' },
    y: { label: 'Saving', unit: '$/month' },
    lines: [
      {
        label: 'Fewer replicas',
        points: shares.map((share) => {
          const perHour = savingOf(source, steps, perReplica, share).map((it) => it.usd)
          return { x: share * 100, y: mean(perHour) * 730 }
        }),
      },
    ],
    marks: repeatPercent === null ? [] : [{ label: 'Repeats', x: repeatPercent }],
  }
}
