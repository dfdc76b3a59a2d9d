import { InvalidInputError } from '../../kernel/errors.ts'
import {
  accountStep,
  ceilTolerant,
  LatencyModel,
  type StepAccount,
  stepsIn,
  stepsToReady,
} from '../../plan/index.ts'
import { initialReplicasOf, type Scene, type Simulation } from './simulate.ts'

export type ClairvoyantOptions = {
  /** Whether every step must also keep the objective, wherever lead time allows it. */
  keepObjective: boolean
}

const PER_MISSING_REPLICA = 1e6
const MOST_CELLS = 100_000_000

/**
 * What could not have been done better with demand and lead times known: an exact dynamic programme over the ready
 * level. A replica that serves from step j on is best ordered at the last step whose order is ready by j, so that every
 * start has a known cost; the minimum over the level before is two running minima. O(steps · levels).
 * @throws InvalidInputError when steps × levels are too many to keep the path
 */
export function clairvoyant(
  scene: Scene,
  { keepObjective }: ClairvoyantOptions,
): Simulation & { totalCost: number } {
  const initialReplicas = initialReplicasOf(scene)
  const { minReplicas } = scene.terms
  const needed = keepObjective ? objectiveLevels(scene) : null
  const levels = highestLevel(scene, initialReplicas, needed) - minReplicas + 1
  const steps = scene.to - scene.from
  if (steps * levels > MOST_CELLS) {
    throw new InvalidInputError(
      `The optimum over ${steps} steps and ${levels} levels is too large; at most ${MOST_CELLS} of both together.`,
    )
  }
  const starts = startsOf(scene)
  const before = new Int32Array(steps * levels)
  let value = new Float64Array(levels).fill(Number.POSITIVE_INFINITY)
  value[initialReplicas - minReplicas] = 0
  for (let k = 0; k < steps; k++) {
    const row = before.subarray(k * levels, (k + 1) * levels)
    value = cheapestMoves(value, minReplicas, starts.startCost[k] ?? 0, starts.stopCost[k] ?? 0, row)
    if (scene.gap[scene.from + k] === 1) continue
    addStepCost(value, scene, scene.demand[scene.from + k] ?? 0, needed?.[k] ?? 0)
  }
  let level = value.indexOf(value.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY))
  const totalCost = value[level] ?? 0
  const ready = new Int32Array(steps)
  for (let k = steps - 1; k >= 0; k--) {
    ready[k] = level + minReplicas
    level = before[k * levels + level] ?? 0
  }
  return { initialReplicas, note: '', totalCost, accounts: accountsOf(scene, initialReplicas, ready, starts) }
}

/** Levels beyond what any step asks for and what is there at the start never pay. */
function highestLevel(
  { demand, from, to, terms }: Scene,
  initial: number,
  needed: Int32Array | null,
): number {
  const { capacityPerReplica, shortfallUtilisation, minReplicas, maxReplicas } = terms
  let peak = 0
  for (let i = from; i < to; i++) peak = Math.max(peak, demand[i] ?? 0)
  let highest = Math.max(
    initial,
    minReplicas,
    ceilTolerant(peak / (capacityPerReplica * shortfallUtilisation)),
  )
  for (const level of needed ?? []) highest = Math.max(highest, level)
  return Math.min(maxReplicas, highest)
}

function objectiveLevels({ demand, from, to, terms }: Scene): Int32Array {
  const model = new LatencyModel(terms)
  return Int32Array.from(demand.subarray(from, to), (d) =>
    model.replicasFor(d, terms.minReplicas, terms.maxReplicas),
  )
}

type Starts = {
  /** By step: the latest decision whose order is ready by then, or −1; from when it is paid. */
  decidedAt: Int32Array
  placedAt: Int32Array
  startCost: Float64Array
  stopCost: Float64Array
  removeSteps: number
}

function startsOf({ gap, from, to, terms }: Scene): Starts {
  const steps = to - from
  const { stepSeconds, pricePerReplicaHour } = terms
  const approvalSteps = stepsIn(terms.approvalDelaySeconds, stepSeconds)
  const removeSteps = stepsIn(terms.removeDelaySeconds, stepSeconds)
  const stepPrice = (pricePerReplicaHour * stepSeconds) / 3600
  const paid = new Int32Array(steps + 1)
  for (let k = 0; k < steps; k++) paid[k + 1] = (paid[k] ?? 0) + (gap[from + k] === 1 ? 0 : 1)
  const paidSteps = (i: number, j: number) =>
    (paid[Math.min(j, steps)] ?? 0) - (paid[Math.min(i, steps)] ?? 0)

  const decidedAt = new Int32Array(steps).fill(-1)
  for (let k = 0; k < steps; k++) {
    const readyAt = k + stepsToReady(terms, k)
    if (readyAt < steps) decidedAt[readyAt] = Math.max(decidedAt[readyAt] ?? -1, k)
  }
  for (let j = 1; j < steps; j++) decidedAt[j] = Math.max(decidedAt[j] ?? -1, decidedAt[j - 1] ?? -1)
  const placedAt = decidedAt.map((k) => k + approvalSteps)
  const startCost = Float64Array.from(decidedAt, (k, j) =>
    k < 0 ? Number.POSITIVE_INFINITY : stepPrice * paidSteps(placedAt[j] ?? j, j) + terms.startCost,
  )
  const stopCost = Float64Array.from(
    { length: steps },
    (_, j) => stepPrice * paidSteps(j, j + removeSteps) + terms.removeCost,
  )
  return { decidedAt, placedAt, startCost, stopCost, removeSteps }
}

/** min over m of V(m) + a·max(0, n − m) + e·max(0, m − n) for every n; `from` takes the m that is chosen. */
function cheapestMoves(
  value: Float64Array,
  lowest: number,
  startCost: number,
  stopCost: number,
  from: Int32Array,
): Float64Array<ArrayBuffer> {
  const result = new Float64Array(value.length)
  let best = Number.POSITIVE_INFINITY
  let bestAt = 0
  for (let i = value.length - 1; i >= 0; i--) {
    const here = (value[i] ?? 0) + stopCost * (i + lowest)
    if (here <= best) {
      best = here
      bestAt = i
    }
    result[i] = bestAt === i ? (value[i] ?? 0) : best - stopCost * (i + lowest)
    from[i] = bestAt
  }
  if (startCost === Number.POSITIVE_INFINITY) return result
  best = Number.POSITIVE_INFINITY
  for (let i = 0; i < value.length; i++) {
    const here = (value[i] ?? 0) - startCost * (i + lowest)
    if (here < best) {
      best = here
      bestAt = i
    }
    const risen = best + startCost * (i + lowest)
    if (bestAt !== i && risen < (result[i] ?? 0)) {
      result[i] = risen
      from[i] = bestAt
    }
  }
  return result
}

function addStepCost(value: Float64Array, { terms }: Scene, demand: number, needed: number): void {
  const stepHours = terms.stepSeconds / 3600
  const busy = demand / (terms.capacityPerReplica * terms.shortfallUtilisation)
  for (let i = 0; i < value.length; i++) {
    const n = i + terms.minReplicas
    const short = Math.max(0, busy - n) * terms.penaltyPerReplicaHourShort
    const missing = Math.max(0, needed - n) * PER_MISSING_REPLICA
    value[i] = (value[i] ?? 0) + stepHours * (terms.pricePerReplicaHour * n + short) + missing
  }
}

/** The path as a run of the pool: each rise is ordered at its latest decision, each fall drains. */
function accountsOf(scene: Scene, initial: number, ready: Int32Array, starts: Starts): StepAccount[] {
  const steps = ready.length
  const ordered = new Int32Array(steps)
  const removed = new Int32Array(steps)
  /** Change of what is paid without serving, at each step. */
  const inFlightChange = new Int32Array(steps + 1)
  const hold = (fromStep: number, toStep: number, count: number) => {
    inFlightChange[fromStep] = (inFlightChange[fromStep] ?? 0) + count
    const end = Math.min(toStep, steps)
    inFlightChange[end] = (inFlightChange[end] ?? 0) - count
  }
  for (let j = 0; j < steps; j++) {
    const change = (ready[j] ?? 0) - (j === 0 ? initial : (ready[j - 1] ?? 0))
    if (change > 0) {
      const decided = starts.decidedAt[j] ?? j
      ordered[decided] = (ordered[decided] ?? 0) + change
      hold(starts.placedAt[j] ?? j, j, change)
    } else if (change < 0) {
      removed[j] = -change
      hold(j, j + starts.removeSteps, -change)
    }
  }
  const accounts: StepAccount[] = []
  let backlogBefore = 0
  let inFlight = 0
  for (let step = 0; step < steps; step++) {
    inFlight += inFlightChange[step] ?? 0
    const counts = {
      step,
      ready: ready[step] ?? 0,
      inFlight,
      ordered: ordered[step] ?? 0,
      removed: removed[step] ?? 0,
      backlogBefore,
    }
    const i = scene.from + step
    const account = accountStep(scene.terms, counts, scene.demand[i] ?? 0, scene.gap[i] === 1)
    backlogBefore = account.backlog
    accounts.push(account)
  }
  return accounts
}
