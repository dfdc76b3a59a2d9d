import type { Control } from '../../plan/contract.ts'
import type { SubmitterSpec } from '../contract.ts'
import { type LeadTime, scaleTo, settle } from './capacity.ts'
import { uniformAt } from './random.ts'
import { spill } from './routing.ts'
import { advanceServerless, type Serverless } from './serverless.ts'
import {
  advanceService,
  type Interval,
  type Reading,
  type ServiceSpec,
  type ServiceState,
} from './service.ts'

/** One of a workload's pools at its place, or a target that governs one of them. */
export type Place = {
  target: string
  control: Control
  governs: string | null
  perUnit: number
  spec: ServiceSpec
  /** What one replica serves within the objective: up to there demand stays, and then it spills over. */
  capacityPerReplica: number
  serverless: Serverless | null
  /** Between the users and the place, on every request. */
  networkMs: number
  lead: LeadTime
  quotaReplicas: number
  /** Places of one offering share its quota. */
  offering: string
  /** By the hour of the day, UTC; empty: the same at every hour. */
  priceProfileUsd: readonly number[]
  interruptionRatePerHour: number
  seed: number
}

/** What each target of a workload is at. */
export type States = Record<string, ServiceState>

/** Loop of a submitter at work: submissions per second. */
export type Loop = { ratePerSecond: number; workShare: number }

const serves = ({ control }: Place) => control === 'replicas' || control === 'warm'

/** Submissions of a submitter at `at`; zero before it begins and once its target does not run. Regular, as a script is. */
export function loopAt(
  submitter: SubmitterSpec | null,
  states: States,
  at: number,
  startedAt: number,
): Loop | null {
  if (!submitter || at < startedAt + submitter.beginsAfterSeconds * 1_000) return null
  const capacity = states[submitter.target]?.capacity
  if (!capacity || settle(capacity, at).ready === 0) return null
  const wobble = 1 + 0.02 * (uniformAt(1, Math.floor(at / 1_000)) - 0.5)
  return { ratePerSecond: submitter.ratePerSecond * wobble, workShare: submitter.workShare }
}

/**
 * Advances a workload by one interval: spot capacity may be reclaimed, demand is spread over the pools, each serves its
 * part. Pure. `demand` is what is meant; a loop comes on top of it. The reading is the whole workload's.
 */
export function advanceWorkload(
  places: readonly Place[],
  before: States,
  demand: number,
  loop: Loop | null,
  interval: Interval,
): { states: States; reading: Reading } {
  const states: States = {}
  for (const place of places) states[place.target] = reclaim(place, stateOf(before, place), interval)
  const serving = places.filter(serves)
  const effective = serving.map((place) => limited(place, places, states, interval.at))
  const work = demand + (loop ? loop.ratePerSecond * loop.workShare : 0)
  const shares = spill(
    work,
    effective.map(({ place, state }) => limitOf(place, state, interval.at)),
  )
  const readings: Reading[] = []
  for (const [index, { place, state }] of effective.entries()) {
    const share = shares[index] ?? 0
    const next = place.serverless
      ? advanceServerless(
          { spec: place.spec, serverless: place.serverless, maxInstances: place.quotaReplicas },
          state,
          share,
          interval,
        )
      : advanceService(place.spec, state, share, interval)
    const kept = stateOf(states, place)
    states[place.target] = { ...next.state, capacity: settle(kept.capacity, interval.at) }
    const latencyP99Ms = next.reading.latencyP99Ms + place.networkMs
    readings.push({ ...next.reading, latencyP99Ms })
  }
  const whole = together(readings)
  return { states, reading: loop ? withLoop(whole, demand, loop) : { ...whole, demand } }
}

function stateOf(states: States, { target }: Place): ServiceState {
  const state = states[target]
  if (!state) throw new Error(`The simulated cloud has no state of "${target}".`)
  return state
}

/** What a pool is given of a demand before the next one gets any, in its units per second. */
function limitOf(place: Place, { capacity }: ServiceState, at: number): number {
  const instances = place.serverless ? place.quotaReplicas : settle(capacity, at).ready
  return instances * place.capacityPerReplica
}

/** A pool as its nodes and the size of its replicas let it be. */
function limited(place: Place, places: readonly Place[], states: States, at: number) {
  let state = stateOf(states, place)
  let spec = priced(place, at)
  for (const governor of places) {
    if (governor.governs !== place.target) continue
    const { ready } = settle(stateOf(states, governor).capacity, at)
    if (governor.control === 'nodes') {
      const { capacity } = state
      state = {
        ...state,
        capacity: { ...capacity, ready: Math.min(settle(capacity, at).ready, ready * governor.perUnit) },
      }
    }
    if (governor.control === 'size') spec = resized(spec, ready / 100, governor.perUnit)
  }
  return { place: { ...place, spec }, state }
}

function priced({ spec, priceProfileUsd }: Place, at: number): ServiceSpec {
  const price = priceProfileUsd[Math.floor(at / 3_600_000) % 24]
  return price === undefined ? spec : { ...spec, pricePerReplicaHourUsd: price }
}

/** A replica of a share of its full size costs that share, and is slower once it has less than it makes use of. */
function resized(spec: ServiceSpec, size: number, used: number): ServiceSpec {
  const speed = Math.min(1, size / used)
  const { queue } = spec
  return {
    ...spec,
    pricePerReplicaHourUsd: spec.pricePerReplicaHourUsd * size,
    queue: { ...queue, throughputPerReplica: queue.throughputPerReplica * speed },
    usedShare: Math.min(1, used / size),
  }
}

/** Spot capacity that the cloud took back in the interval; what is missing is ordered again at once. */
function reclaim(place: Place, state: ServiceState, { at, seconds }: Interval): ServiceState {
  if (place.interruptionRatePerHour === 0) return state
  const capacity = settle(state.capacity, at)
  const chance = 1 - Math.exp((-place.interruptionRatePerHour * seconds) / 3_600)
  let lost = 0
  for (let i = 0; i < capacity.ready; i++) if (uniformAt(place.seed, at, i, 41) < chance) lost += 1
  if (lost === 0) return { ...state, capacity }
  const left = { ...capacity, ready: capacity.ready - lost }
  return { ...state, capacity: scaleTo(left, capacity.desired, at, place.lead, place.seed) }
}

/** Readings of all pools as one of the workload: amounts add up, ratios are weighed, latency is the slowest that users see. */
function together(readings: readonly Reading[]): Reading {
  const [first] = readings
  if (!first) throw new Error('A workload of the simulated cloud has no pool that serves.')
  if (readings.length === 1) return first
  const sum = (of: (reading: Reading) => number) => readings.reduce((total, one) => total + of(one), 0)
  const demand = sum((one) => one.demand)
  const ready = sum((one) => one.readyReplicas)
  const weighed = (of: (one: Reading) => number, weight: (one: Reading) => number, total: number) =>
    total > 0 ? sum((one) => of(one) * weight(one)) / total : of(first)
  const noticed = readings.filter((one) => one.demand >= 0.01 * demand || one.backlog > 0)
  return {
    ...first,
    demand,
    readyReplicas: ready,
    inFlightReplicas: sum((one) => one.inFlightReplicas),
    backlog: sum((one) => one.backlog),
    queueDepth: sum((one) => one.queueDepth),
    latencyP99Ms: Math.max(0, ...noticed.map((one) => one.latencyP99Ms)),
    gpuUtilizationRatio: weighed(
      (one) => one.gpuUtilizationRatio,
      (one) => one.readyReplicas,
      ready,
    ),
    memoryUtilizationRatio: weighed(
      (one) => one.memoryUtilizationRatio,
      (one) => one.readyReplicas,
      ready,
    ),
    errorRatio: weighed(
      (one) => one.errorRatio,
      (one) => one.demand,
      demand,
    ),
    tokensPerSecond: sum((one) => one.tokensPerSecond),
    costPerHourUsd: sum((one) => one.costPerHourUsd),
    completedPerSecond: sum((one) => one.completedPerSecond),
    failedPerSecond: sum((one) => one.failedPerSecond),
  }
}

/** What is measured while a loop submits: its jobs all fail, and all look alike. */
function withLoop(reading: Reading, meant: number, loop: Loop): Reading {
  const work = meant + loop.ratePerSecond * loop.workShare
  const done = work > 0 ? Math.min(1, reading.completedPerSecond / work) : 1
  const completedPerSecond = meant * done
  const failedPerSecond = loop.ratePerSecond * done + reading.failedPerSecond
  const submitted = meant + loop.ratePerSecond
  return {
    ...reading,
    demand: submitted,
    completedPerSecond,
    failedPerSecond,
    errorRatio: failedPerSecond / (failedPerSecond + completedPerSecond || 1),
    distinctSignatureRatio: (meant * reading.distinctSignatureRatio) / submitted,
  }
}
