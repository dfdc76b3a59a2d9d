import type { Advice, AdviceChart, BatchingModel, BatchingServing } from '../contract.ts'
import { sustainableRate } from '../models/batching/sustainable.ts'
import { amount, confidenceIn, demandSteps, mean, monthly, replicasFor, usd, usualPrice } from './figures.ts'
import type { PoolSource } from './source.ts'

/** Sizes of a batch that are tried, by the declared one. */
const factors = [0.5, 2, 4]
/** Of the tokens that are drawn; the same as the pool's own model. */
const seed = 1
const title = 'Batching'

/**
 * Whether another limit on the batch would let a replica take more requests within the objective, by the batching model. Null
 * for pools without one.
 */
export function adviseBatching(source: PoolSource, serving: BatchingServing | null): Advice | null {
  const { pool, workload } = source
  const { model } = pool
  if (model?.kind !== 'batching' || serving === null) return null
  const objective = { endToEndP99Ms: workload.objectiveP99Ms, firstTokenP99Ms: serving.firstTokenP99Ms }
  const rateOf = (maxBatch: number) => sustainableRate({ ...serving, maxBatch }, objective, seed)
  const now = rateOf(serving.maxBatch)
  const tried = factors
    .map((factor) => Math.max(1, Math.round(serving.maxBatch * factor)))
    .filter((maxBatch) => maxBatch !== serving.maxBatch)
    .map((maxBatch) => ({ maxBatch, rate: rateOf(maxBatch) }))
  const best = tried.reduce((a, b) => (b.rate > a.rate ? b : a), { maxBatch: serving.maxBatch, rate: now })
  const gain = now > 0 ? best.rate / now - 1 : 0
  const worth = gain > 0.05
  const steps = demandSteps(source)
  const price = usualPrice(source)
  const saving =
    now > 0 && steps.length > 0
      ? monthly(
          steps.map(({ atMs, demand }) => ({
            atMs,
            usd:
              price *
              (replicasFor(demand, now, source.minReplicas) -
                replicasFor(demand, best.rate, source.minReplicas)),
          })),
        )
      : null
  const { boundBy } = model
  return {
    kind: 'batching',
    title,
    verdict: now === 0 ? 'unknown' : worth ? 'change' : 'keep',
    summary:
      now === 0
        ? 'By the model no rate keeps the objective, whatever the batch; look at the declaration or the objective.'
        : worth
          ? `With up to ${best.maxBatch} sequences in a batch, a replica would take ${amount(best.rate)} req/s within the objective instead of ${amount(now)}${saving ? `, worth ${usd(saving.low)} to ${usd(saving.high)} a month` : ''}.`
          : `A batch of ${serving.maxBatch} is right: ${bounds[boundBy]} is what ends the growth.`,
    savingPerMonthUsd: worth ? saving : null,
    restsOn: [
      { label: 'Within the objective now', value: now, unit: 'req/s', source: 'computed' },
      ...tried.map(({ maxBatch, rate }) => ({
        label: `Within the objective, with a batch of ${maxBatch}`,
        value: rate,
        unit: 'req/s',
        source: 'computed' as const,
      })),
      { label: 'Tokens of a prompt', value: serving.promptTokens.mean, unit: 'tokens', source: 'declared' },
      { label: 'Tokens of an answer', value: serving.outputTokens.mean, unit: 'tokens', source: 'declared' },
      { label: 'Objective, p99', value: workload.objectiveP99Ms, unit: 'ms', source: 'declared' },
      {
        label: 'Mean demand',
        value: mean(steps.map(({ demand }) => demand)),
        unit: 'req/s',
        source: 'measured',
      },
    ],
    ...confidenceIn(
      source,
      model.fit.source === 'telemetry' ? null : 'the time of an iteration is declared, not fitted',
    ),
    wrongWhen: [
      'The hardware slows down otherwise than in a straight line with the tokens of an iteration.',
      'Lengths of prompts and answers hang together, or differ by the hour.',
      'Prompts share a prefix that the server keeps: then less is read than is counted here.',
    ],
    chart: chartOf(model, workload.objectiveP99Ms),
  }
}

const bounds: Record<BatchingModel['boundBy'], string> = {
  batch: 'places in the batch',
  memory: 'memory of the cache',
  compute: 'time of computing',
}

function chartOf({ points }: BatchingModel, objectiveP99Ms: number): AdviceChart {
  const line = (label: string, key: 'endToEndP50Ms' | 'endToEndP99Ms' | 'firstTokenP99Ms') => ({
    label,
    points: points.map((point) => ({ x: point.requestsPerSecond, y: point[key] })),
  })
  const [first, last] = [points[0], points.at(-1)]
  return {
    title: 'Latency over the rate of one replica',
    x: { label: 'Requests of one replica', unit: 'req/s' },
    y: { label: 'Latency', unit: 'ms' },
    lines: [
      line('Whole answer, p99', 'endToEndP99Ms'),
      line('Whole answer, median', 'endToEndP50Ms'),
      line('First token, p99', 'firstTokenP99Ms'),
      {
        label: 'Objective',
        points: [first, last].flatMap((point) =>
          point ? [{ x: point.requestsPerSecond, y: objectiveP99Ms }] : [],
        ),
      },
    ],
    marks: [],
  }
}
