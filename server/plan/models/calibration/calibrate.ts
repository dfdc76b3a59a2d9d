import type { BatchingServing, CapacityModel, ModelFit, QueueModel, Serving } from '../../contract.ts'
import { batchingModel } from '../batching/model.ts'
import { fitPace, pacedModel, predictPaced, withMeasuredTokens } from './batching-fit.ts'
import { goodnessOf, median, quantile } from './goodness.ts'
import { type Block, blocksOf, type PoolStep } from './observations.ts'
import { fitQueue, predict, type QueueBelief, type QueueShape } from './queue-fit.ts'
import { capacityByUtilisation, utilisationLine } from './utilisation.ts'
import { fewestObservations, fitOf, leastSpread, noFit } from './verdict.ts'

export type CalibrationInput = {
  /** The pool's telemetry in order of time, one entry a step, gaps as nulls. */
  steps: readonly PoolStep[]
  stepSeconds: number
  /** Of the workload, milliseconds. */
  objectiveP99Ms: number
  /** Units of demand per second that a replica is declared to serve within the objective. */
  capacityPerReplica: number
  /** How a replica serves, as declared; null where nobody said. */
  serving: Serving | null
  /** Of the token counts that are drawn. */
  seed: number
}

/**
 * Capacity and latency of a pool, from its telemetry where that fits, else as declared, else with half the objective as
 * service time. Two blocks of three are fitted to; how well it fits is measured on the third. Deterministic.
 */
export function calibrate(input: CalibrationInput): CapacityModel {
  return input.serving?.kind === 'batching'
    ? calibrateBatching(input, input.serving)
    : calibrateQueue(input, declaredQueue(input))
}

function calibrateQueue(input: CalibrationInput, declared: QueueShape): QueueModel {
  const otherwise = input.serving === null ? 'assumed' : 'declared'
  const blocks = blocksOf(input.steps)
  const scarce = tooFew(blocks, otherwise)
  if (scarce !== null) return { kind: 'queue', ...declared, fit: scarce }
  const { fitted, held } = split(blocks)
  const p99s = blocks.flat().map(({ p99Ms }) => p99Ms)
  const seen = { stepSeconds: input.stepSeconds, longestP99Ms: quantile(p99s, 0.999) }
  const shape = fitQueue(fitted, beliefOf(input, declared, blocks), seen)
  const goodness = goodnessOf(predict(held, shape, seen))
  const fit = fitOf(blocks.flat().length, goodness, otherwise)
  return { kind: 'queue', ...(fit.source === 'telemetry' ? shape : declared), fit }
}

function calibrateBatching(input: CalibrationInput, declared: BatchingServing): CapacityModel {
  const { steps, objectiveP99Ms, seed } = input
  const objective = { endToEndP99Ms: objectiveP99Ms, firstTokenP99Ms: declared.firstTokenP99Ms }
  const serving = withMeasuredTokens(declared, steps)
  const blocks = blocksOf(steps)
  const scarce = tooFew(blocks, 'declared')
  if (scarce !== null) return batchingModel(serving, objective, seed, scarce)
  const base = batchingModel(serving, objective, seed, noFit(0, 'not held against telemetry yet', 'declared'))
  const { fitted, held } = split(blocks)
  const factor = fitPace(fitted, base)
  const fit = fitOf(blocks.flat().length, goodnessOf(predictPaced(held.flat(), base, factor)), 'declared')
  return fit.source === 'telemetry' ? pacedModel(serving, factor, objective, seed, fit) : { ...base, fit }
}

/** Every third block is held back. */
function split(blocks: Block[]): { fitted: Block[]; held: Block[] } {
  return {
    fitted: blocks.filter((_, i) => i % 3 !== 2),
    held: blocks.filter((_, i) => i % 3 === 2),
  }
}

function tooFew(blocks: Block[], otherwise: ModelFit['source']): ModelFit | null {
  const steps = blocks.flat()
  if (steps.length < fewestObservations || blocks.length < 3) {
    const why = `${steps.length} steps with demand, ready replicas and p99 were measured, and ${fewestObservations} are needed`
    return noFit(steps.length, why, otherwise)
  }
  const p99s = steps.map(({ p99Ms }) => p99Ms)
  if (quantile(p99s, 0.95) < leastSpread * quantile(p99s, 0.05)) {
    return noFit(steps.length, 'p99 hardly ever moved, so that no queue was seen', otherwise)
  }
  return null
}

/** What is declared of a queue, or what is assumed where nothing is. */
function declaredQueue({ serving, capacityPerReplica, objectiveP99Ms }: CalibrationInput): QueueShape {
  if (serving?.kind === 'queue') {
    const { serviceSeconds, unloadedP99Ms = serviceSeconds * 1_000, arrivalScv, serviceScv } = serving
    const variability = Math.max(0.01, (arrivalScv + serviceScv) / 2)
    return { capacityPerReplica, serviceSeconds, unloadedP99Ms, variability }
  }
  const serviceSeconds = objectiveP99Ms / 2_000
  return { capacityPerReplica, serviceSeconds, unloadedP99Ms: objectiveP99Ms / 2, variability: 1 }
}

/** Utilisation says what a busy replica serves, and a quiet hour what a request takes alone. */
function beliefOf(
  { steps }: CalibrationInput,
  { capacityPerReplica, serviceSeconds, variability }: QueueShape,
  blocks: Block[],
): QueueBelief {
  const byUtilisation = capacityByUtilisation(utilisationLine(steps))
  const quiet = quantile(
    blocks.flat().map(({ p99Ms }) => p99Ms),
    0.1,
  )
  // What a request takes alone at its median is some share of its p99.
  const usual = median([serviceSeconds, quiet / 1_000])
  return {
    capacityPerReplica:
      byUtilisation === null
        ? { value: capacityPerReplica, spread: 0.7 }
        : { value: byUtilisation, spread: 0.15 },
    serviceSeconds: { value: usual, spread: 1 },
    unloadedP99Ms: { value: quiet, spread: 0.5 },
    variability: { value: variability, spread: 1 },
  }
}
