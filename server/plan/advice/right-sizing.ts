import type { Advice, Ground } from '../contract.ts'
import { quantile } from '../models/calibration/goodness.ts'
import { demandWithin } from '../models/queue.ts'
import { confidenceIn, mean, monthly, percent, usualPrice } from './figures.ts'
import type { PoolSource } from './source.ts'

/** Shares of a replica that hardware is cut into. */
export const sizes = [0.25, 0.5, 0.75, 1] as const
/** The busiest one in a hundred steps must leave this much free. */
export const headroom = 0.2
/** A declared capacity is left alone when it is this near to what was measured. */
const near = 0.15
const fewest = 200
const title = 'Right-sizing'

/**
 * Whether a replica asks for more hardware than it uses, by utilisation and memory, and whether what it is declared to serve
 * is what it serves. Null where neither was measured.
 */
export function adviseRightSizing(source: PoolSource): Advice | null {
  const busy = source.steps.flatMap(({ utilisation }) => utilisation ?? [])
  const memory = source.steps.flatMap(({ memoryShare }) => memoryShare ?? [])
  const capacity = capacityRatio(source)
  if (busy.length < fewest && memory.length < fewest && capacity === null) return null
  const high = (values: number[]) => (values.length < fewest ? null : quantile(values, 0.99))
  const most = Math.max(high(busy) ?? 0, high(memory) ?? 0)
  const size = busy.length < fewest ? 1 : (sizes.find((it) => most <= it * (1 - headroom)) ?? 1)
  const grounds: Ground[] = [
    {
      label: 'Hardware in use, busiest 1 % of steps',
      value: share(high(busy)),
      unit: '%',
      source: 'measured',
    },
    {
      label: 'Hardware in use, mean',
      value: busy.length > 0 ? mean(busy) * 100 : null,
      unit: '%',
      source: 'measured',
    },
    {
      label: 'Memory in use, fullest 1 % of steps',
      value: share(high(memory)),
      unit: '%',
      source: 'measured',
    },
    ...(capacity?.grounds ?? []),
  ]
  const cost = costSteps(source)
  const range = (low: number, upper: number) => ({
    low: monthly(cost.map(({ atMs, usd: perHour }) => ({ atMs, usd: perHour * low }))).low,
    high: monthly(cost.map(({ atMs, usd: perHour }) => ({ atMs, usd: perHour * upper }))).high,
  })
  const common = {
    kind: 'right-sizing' as const,
    title,
    restsOn: grounds,
    ...confidenceIn(
      source,
      size < 1 && memory.length < fewest ? 'memory was not measured, and may bind' : null,
    ),
    wrongWhen: [
      'A rare request needs far more memory or time than those measured.',
      'A smaller share of an accelerator is slower than its share says, or cannot be had.',
      'Utilisation shows that anything runs, not how much: some accelerators report 100 % for a single small kernel.',
    ],
    chart: null,
  }
  if (size < 1) {
    const next = sizes.find((it) => it > size) ?? 1
    return {
      ...common,
      verdict: 'change',
      summary: `A replica uses at most ${percent(most)} of its hardware; ${percent(size)} of it would do, with a fifth to spare.`,
      savingPerMonthUsd: range(1 - next, 1 - size),
    }
  }
  if (capacity !== null && Math.abs(capacity.ratio - 1) > near) {
    const { ratio, declared, measured } = capacity
    const less = 1 - 1 / ratio
    return {
      ...common,
      verdict: 'change',
      summary:
        ratio > 1
          ? `A replica serves ${measured} within the objective, not ${declared} as declared: plans keep ${percent(less)} more than is needed.`
          : `A replica serves only ${measured} within the objective, not ${declared} as declared: plans keep too little.`,
      savingPerMonthUsd: ratio > 1 ? range(less / 2, less) : range(less, less / 2),
    }
  }
  return {
    ...common,
    verdict: 'keep',
    summary:
      most > 0
        ? `The size fits: at its busiest a replica uses ${percent(most)} of its hardware.`
        : 'What a replica is declared to serve is what it serves.',
    savingPerMonthUsd: null,
  }
}

const share = (value: number | null) => (value === null ? null : value * 100)

/** What a replica serves within the objective by its fitted model, against what is declared. */
function capacityRatio({ pool, workload }: PoolSource) {
  const { model, capacityPerReplica } = pool
  if (model?.fit.source !== 'telemetry') return null
  const ready = Math.max(1, pool.readyReplicas)
  const within = demandWithin(model, ready, workload.objectiveP99Ms) / ready
  if (within <= 0) return null
  const inWords = (value: number) => `${Number(value.toPrecision(3))} ${workload.unit}`
  const grounds: Ground[] = [
    {
      label: `One of ${ready} replicas serves, within the objective`,
      value: within,
      unit: workload.unit,
      source: 'measured',
    },
    {
      label: 'One replica is declared to serve',
      value: capacityPerReplica,
      unit: workload.unit,
      source: 'declared',
    },
  ]
  return {
    ratio: within / capacityPerReplica,
    declared: inWords(capacityPerReplica),
    measured: inWords(within),
    grounds,
  }
}

function costSteps(source: PoolSource): { atMs: number; usd: number }[] {
  const price = usualPrice(source)
  return source.steps.flatMap(({ atMs, readyReplicas }) =>
    readyReplicas === null ? [] : [{ atMs, usd: readyReplicas * price }],
  )
}
