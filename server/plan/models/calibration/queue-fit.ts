import { steppedQueue } from '../queue.ts'
import { minimise } from './nelder-mead.ts'
import { type Block, leadInSteps } from './observations.ts'

export type QueueShape = {
  capacityPerReplica: number
  serviceSeconds: number
  unloadedP99Ms: number
  variability: number
}

/** What is believed before looking, with the standard deviation of its logarithm. */
/** `longestP99Ms`: about the longest p99 that was measured; whoever would wait longer gives up, or is turned away. */
export type Seen = { stepSeconds: number; longestP99Ms: number }

export type QueueBelief = { [K in keyof QueueShape]: { value: number; spread: number } }

/** Log errors below about this are noise of the measurement; far beyond it, another process. */
const noise = 0.1
/** Steps one after another say nearly the same: ten of them count as one. */
const perIndependent = 10
const evaluations = 220
/** Where the capacity may lie, by its believed value: the valley of the loss is not always one. */
const startShares = [0.75, 1, 1.4]

/**
 * Service time, capacity per replica, unloaded p99 and variability from steps of (demand, ready, p99): least squares of the
 * logarithm under Cauchy's loss, with weak beliefs where the data do not tell (with many servers the service time
 * alone hardly moves a p99). The queue of a block is carried from step to step, up to the longest wait that was seen.
 */
export function fitQueue(blocks: readonly Block[], belief: QueueBelief, seen: Seen): QueueShape {
  const keys = ['capacityPerReplica', 'serviceSeconds', 'unloadedP99Ms', 'variability'] as const
  const shapeOf = (at: readonly number[]): QueueShape => {
    const [capacityPerReplica = 1, serviceSeconds = 1, unloadedP99Ms = 1, variability = 1] = at.map(Math.exp)
    return { capacityPerReplica, serviceSeconds, unloadedP99Ms, variability }
  }
  const loss = (at: number[]) => {
    let sum = 0
    for (const { predicted, measured } of predict(blocks, shapeOf(at), seen)) {
      sum += Math.log1p((Math.log(predicted / measured) / noise) ** 2)
    }
    sum /= 2 * perIndependent
    for (const [i, key] of keys.entries()) {
      const { value, spread } = belief[key]
      sum += (((at[i] ?? 0) - Math.log(value)) / spread) ** 2 / 2
    }
    return sum
  }
  const start = keys.map((key) => Math.log(belief[key].value))
  const found = startShares.map((share) =>
    minimise(
      loss,
      start.map((x, i) => (i === 0 ? x + Math.log(share) : x)),
      0.3,
      evaluations,
    ),
  )
  const best = found.reduce((a, b) => (b.value < a.value ? b : a))
  return shapeOf(best.at)
}

/** Predicted and measured p99 of every step, but for those at the start of a block in which the queue is not known yet. */
export function predict(
  blocks: readonly Block[],
  shape: QueueShape,
  { stepSeconds, longestP99Ms }: Seen,
): { predicted: number; measured: number }[] {
  const queue = steppedQueue(shape, stepSeconds)
  const alone = queue.serviceSeconds
  const longestWait = Math.max(0, longestP99Ms - shape.unloadedP99Ms) / 1_000
  return blocks.flatMap((block) => {
    let backlogBefore = 0
    return block.flatMap(({ demand, ready, p99Ms }, i) => {
      const arrived = backlogBefore + demand * stepSeconds
      const rate = ready * shape.capacityPerReplica
      const backlog = Math.min(Math.max(0, arrived - rate * stepSeconds), rate * longestWait)
      const p99 = queue.p99Seconds({ demand, ready, backlogBefore, backlog })
      backlogBefore = backlog
      const predicted = shape.unloadedP99Ms + Math.min(longestWait, p99 - alone) * 1_000
      return i < leadInSteps ? [] : [{ predicted, measured: p99Ms }]
    })
  })
}
