import type { BatchingModel, BatchingServing } from '../../contract.ts'
import { type BatchingObjective, batchingModel } from '../batching/model.ts'
import { latencyAt } from '../batching/read.ts'
import { median } from './goodness.ts'
import type { Block, PoolStep } from './observations.ts'

const noise = 0.1
/** Factors of time that are tried: a sixth to six times as declared. */
const widest = Math.log(6)
const coarse = 60
const fewestTokenSteps = 100

/** Token counts scaled such that prompt and answer together have the measured mean; as declared where it was not measured. */
export function withMeasuredTokens(serving: BatchingServing, steps: readonly PoolStep[]): BatchingServing {
  const perRequest = steps.flatMap(({ demand, tokensPerSecond }) =>
    demand === null || demand <= 0 || tokensPerSecond === null || tokensPerSecond <= 0
      ? []
      : [tokensPerSecond / demand],
  )
  if (perRequest.length < fewestTokenSteps) return serving
  const { promptTokens, outputTokens } = serving
  const factor = median(perRequest) / (promptTokens.mean + outputTokens.mean)
  return {
    ...serving,
    promptTokens: { ...promptTokens, mean: promptTokens.mean * factor },
    outputTokens: { ...outputTokens, mean: outputTokens.mean * factor },
  }
}

/** The same replica on hardware that takes `factor` times as long for everything. */
export function slowed(serving: BatchingServing, factor: number): BatchingServing {
  return {
    ...serving,
    iterationSeconds: serving.iterationSeconds * factor,
    prefillSecondsPerToken: serving.prefillSecondsPerToken * factor,
    decodeSecondsPerSequence: serving.decodeSecondsPerSequence * factor,
    decodeSecondsPerContextToken: serving.decodeSecondsPerContextToken * factor,
  }
}

/**
 * The one factor of time by which a declared replica differs from the measured one. Slowing every time by s gives
 * exactly p99_s(r) = s · p99(s · r), so a single table is enough. Cauchy's loss of the logarithm, a grid and then a
 * golden section.
 */
export function fitPace(blocks: readonly Block[], model: BatchingModel): number {
  const points = blocks.flat()
  const loss = (logFactor: number) => {
    let sum = 0
    for (const { predicted, measured } of predictPaced(points, model, Math.exp(logFactor)))
      sum += Math.log1p((Math.log(predicted / measured) / noise) ** 2)
    return sum
  }
  const grid = Array.from({ length: coarse + 1 }, (_, i) => widest * ((2 * i) / coarse - 1))
  const losses = grid.map(loss)
  const best = losses.indexOf(Math.min(...losses))
  let [low, high] = [grid[Math.max(0, best - 1)] ?? 0, grid[Math.min(coarse, best + 1)] ?? 0]
  const golden = (Math.sqrt(5) - 1) / 2
  for (let i = 0; i < 30; i++) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)]
    if (loss(left) <= loss(right)) high = right
    else low = left
  }
  return Math.exp((low + high) / 2)
}

/** Predicted and measured p99 at `factor` times the declared times. Beyond saturation: twice the last of the table. */
export function predictPaced(
  steps: readonly { demand: number; ready: number; p99Ms: number }[],
  model: BatchingModel,
  factor: number,
): { predicted: number; measured: number }[] {
  const beyond = 2 * (model.points.at(-1)?.endToEndP99Ms ?? 1)
  return steps.map(({ demand, ready, p99Ms }) => ({
    predicted: factor * (latencyAt(model, (factor * demand) / ready) ?? beyond),
    measured: p99Ms,
  }))
}

/** The declared replica at the fitted pace, tabulated. */
export function pacedModel(
  serving: BatchingServing,
  factor: number,
  objective: BatchingObjective,
  seed: number,
  fit: BatchingModel['fit'],
): BatchingModel {
  return { ...batchingModel(slowed(serving, factor), objective, seed, fit), pace: factor }
}
