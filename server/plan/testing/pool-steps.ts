import { seededRandom } from '../../kernel/rng.ts'
import type { BatchingModel } from '../contract.ts'
import { latencyAt } from '../models/batching/read.ts'
import type { PoolStep } from '../models/calibration/observations.ts'
import type { QueueShape } from '../models/calibration/queue-fit.ts'
import { steppedQueue } from '../models/queue.ts'

type Telemetry = {
  steps: number
  seed: number
  noise: number
  peak: number
  /** Demand of five minutes in every hour, by what stands ready; absent: replicas follow it. */
  overload?: number
  /** After which requests are given up; absent: never. */
  longestWaitSeconds?: number
}

/** Demand over a day (one-minute steps) up to `peak`, and replicas of somebody who looks every ten steps; some steps are overloaded. */
function* days({ steps, seed, peak, overload = 1 }: Telemetry, capacityPerReplica: number) {
  const random = seededRandom(seed)
  let ready = 4
  for (let i = 0; i < steps; i++) {
    const daily = 0.15 + 0.85 * Math.sin((Math.PI * (i % 1_440)) / 1_440) ** 2
    const demand = peak * daily * (0.93 + 0.14 * random())
    if (i % 10 === 0) ready = Math.max(1, Math.ceil(demand / (capacityPerReplica * 0.85)))
    const burst = i % 60 < 5 ? overload : 1
    yield {
      demand: demand * burst,
      ready,
      shake: Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    }
  }
}

/** What would be measured of a pool that is exactly this queue, p99 with log-normal noise. */
export function queueSteps(shape: QueueShape, telemetry: Telemetry): PoolStep[] {
  const queue = steppedQueue(shape, 60)
  let backlogBefore = 0
  return [...days(telemetry, shape.capacityPerReplica)].map(({ demand, ready, shake }) => {
    const rate = ready * shape.capacityPerReplica
    const { longestWaitSeconds = Number.POSITIVE_INFINITY } = telemetry
    const backlog = Math.min(Math.max(0, backlogBefore + (demand - rate) * 60), rate * longestWaitSeconds)
    const p99 = queue.p99Seconds({ demand, ready, backlogBefore, backlog })
    backlogBefore = backlog
    const latencyP99Ms =
      (shape.unloadedP99Ms + (p99 - queue.serviceSeconds) * 1_000) * Math.exp(telemetry.noise * shake)
    const utilisation = Math.min(1, 0.05 + (0.9 * demand) / (ready * shape.capacityPerReplica))
    return {
      demand,
      readyReplicas: ready,
      latencyP99Ms,
      utilisation,
      tokensPerSecond: null,
      memoryShare: null,
    }
  })
}

/** The same of a batching model that takes `factor` times as long as its table says. */
export function batchingSteps(
  model: BatchingModel,
  factor: number,
  tokens: number,
  telemetry: Telemetry,
): PoolStep[] {
  const capacity = model.saturatedRequestsPerSecond / factor
  return [...days(telemetry, capacity * 0.95)].map(({ demand, ready, shake }) => ({
    demand,
    readyReplicas: ready,
    latencyP99Ms:
      factor * (latencyAt(model, (factor * demand) / ready) ?? 300_000) * Math.exp(telemetry.noise * shake),
    utilisation: 0.97,
    tokensPerSecond: demand * tokens,
    memoryShare: null,
  }))
}
