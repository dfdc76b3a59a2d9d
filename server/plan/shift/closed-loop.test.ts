import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import type { PlanInput } from '../contract.ts'
import { planWorkload } from '../coupled/plan-workload.ts'
import { priceAt } from '../models/price.ts'
import { planPool } from '../plan-pool.ts'
import { forecastOf, planInput, testCapacity, testPolicy } from '../testing/plan-input.ts'
import { waitingIn } from './waiting.ts'

const stepSeconds = 300
const start = Date.parse('2026-03-02T06:00:00.000Z')
/** What an order takes, and quantiles of the normal law at the levels of a forecast. */
const leadSeconds = 540
const offsets = [-2.3, -1.6, -1.3, -0.7, 0, 0.7, 1.3, 1.6, 2.3]
const learned = (seconds: number) => ({
  ...{ p50Seconds: seconds, p90Seconds: seconds, observations: 20 },
  ...{ measuredP50Seconds: seconds, measuredP90Seconds: seconds },
  ...{ declaredP50Seconds: 300, declaredP90Seconds: 300 },
})
/** Two cheap spans in the day. */
const prices = Array.from({ length: 24 }, (_, hour) => ((hour >= 11 && hour < 14) || hour >= 20 ? 1 : 4))

type Day = {
  rate: (atMs: number) => number
  waitHours: number
  plan: (input: PlanInput) => ReturnType<typeof planPool>
  /** How long people take; they are taken to need five minutes until they are known to need longer. */
  approvalSeconds?: number
  learnedSeconds?: number
  startSeconds?: number
  /** Standard deviation of what the forecast says of a step, as a share, and by how much all of it is off. */
  noise?: number
  bias?: number
}

/** A day in turns: what is proposed is approved and ready when its lead time and the approval are over; falls are at once. */
function live(day: Day) {
  const { rate, waitHours, plan, learnedSeconds } = day
  const { approvalSeconds = 0, startSeconds = leadSeconds, noise = 0, bias = 0 } = day
  const base = planInput()
  const random = seededRandom(7)
  const asked: { waits: { since: number; direction: string } | null } = { waits: null }
  const past: { at: Date; value: number }[] = []
  let queue: { at: number; units: number }[] = []
  let desired = 6
  let ready = 6
  let risen: { at: number; to: number } | null = null
  let lastChangeAt: string | null = null
  let longest = 0
  let costUsd = 0
  let proposals = 0
  for (let at = start; at < start + 18 * 3_600_000; at += stepSeconds * 1_000) {
    if (risen && at >= risen.at) {
      ready = risen.to
      risen = null
    }
    const now = new Date(at).toISOString()
    const depth = queue.reduce((sum, { units }) => sum + units, 0)
    const outcome = plan({
      ...base,
      now,
      workload: { ...base.workload, kind: 'batch', objectiveP99Ms: waitHours * 3_600_000, stepSeconds },
      policy: { ...testPolicy, maxStepUp: 20, maxStepDown: 20 },
      capacity: {
        ...testCapacity,
        desiredReplicas: desired,
        readyReplicas: ready,
        offering: { ...testCapacity.offering, pricePerReplicaHourUsd: 4, priceProfileUsd: prices },
      },
      forecast: {
        ...forecastOf([]),
        signal: 'jobs_per_second',
        stepSeconds,
        leads: Array.from({ length: 96 }, (_, i) => {
          const then = at + (i + 1) * stepSeconds * 1_000
          const said = rate(then) * (1 + bias + noise * 1.73 * (2 * random() - 1))
          const values = offsets.map((offset) => Math.max(0, said * (1 + noise * offset)))
          return { lead: i + 1, at: new Date(then).toISOString(), values }
        }),
      },
      waiting: waitingIn(depth, past, stepSeconds),
      lastChangeAt,
      lastSampleAt: now,
      riseWaits: asked.waits?.direction === 'up',
      ...(learnedSeconds === undefined ? {} : { approval: learned(learnedSeconds) }),
    })
    if (outcome.kind === 'hold') asked.waits = null
    if (outcome.kind === 'propose' && risen === null) {
      const { direction, effect } = outcome.content
      const waits = asked.waits?.direction === direction ? asked.waits : { since: at, direction }
      asked.waits = waits
      if (at - waits.since >= approvalSeconds * 1_000) {
        asked.waits = null
        proposals++
        desired = effect.replicas
        lastChangeAt = now
        if (desired > ready) risen = { at: at + startSeconds * 1_000, to: desired }
        else ready = desired
      }
    }
    queue.push({ at, units: rate(at) * stepSeconds })
    past.push({ at: new Date(at), value: rate(at) })
    let room = ready * 10 * stepSeconds
    costUsd +=
      (desired * priceAt({ pricePerReplicaHourUsd: 4, priceProfileUsd: prices }, at) * stepSeconds) / 3_600
    queue = queue.flatMap((one) => {
      const served = Math.min(room, one.units)
      room -= served
      if (served > 0) longest = Math.max(longest, (at + stepSeconds * 1_000 - one.at) / 1_000)
      return one.units - served > 1e-6 ? [{ ...one, units: one.units - served }] : []
    })
  }
  const left = queue.reduce((oldest, { at }) => Math.max(oldest, (start + 18 * 3_600_000 - at) / 1_000), 0)
  return { longest: Math.max(longest, left), costUsd, proposals }
}

describe('turn after turn, a day', () => {
  const day = (atMs: number) => 40 + 20 * Math.sin((atMs / 86_400_000) * 2 * Math.PI * 3)
  test.each<[string, number, (atMs: number) => number]>([
    ['of steady work that may wait six hours', 6, () => 40],
    ['of work that rises and falls and may wait three hours', 3, day],
    [
      'of work in blocks that may wait four hours',
      4,
      (at) => (Math.floor(at / 7_200_000) % 2 === 0 ? 70 : 5),
    ],
  ])('%s: all is done in time, for less than as it comes', (_, waitHours, rate) => {
    const shifted = live({ rate, waitHours, plan: (input) => planWorkload(input, null) })
    const usual = live({ rate, waitHours, plan: planPool })
    expect(shifted.longest).toBeLessThanOrEqual(waitHours * 3_600)
    expect(shifted.costUsd).toBeLessThan(0.85 * usual.costUsd)
    expect(shifted.proposals).toBeLessThanOrEqual(24)
  })
})

describe('with forecasts that err and people who are slow', () => {
  const blocks = (at: number) => (Math.floor(at / 7_200_000) % 2 === 0 ? 70 : 5)
  const steady = { waitHours: 2, rate: () => 40 }
  const inBlocks = { waitHours: 4, rate: blocks }
  // The last number: what it may cost at most, against serving it as it comes.
  test.each<[string, Pick<Day, 'waitHours' | 'rate'>, Partial<Day>, number]>([
    [
      'forecasts 20% off at random and 20% too low, half an hour to decide instead of five minutes',
      steady,
      { approvalSeconds: 1_800, noise: 0.2, bias: -0.2 },
      0.9,
    ],
    ['forecasts 40% too low', steady, { noise: 0.1, bias: -0.4 }, 1.05],
    ['capacity that takes forty minutes instead of nine', steady, { startSeconds: 2_400 }, 1.15],
    ['an hour to decide, as is known', inBlocks, { approvalSeconds: 3_600, learnedSeconds: 3_600 }, 0.7],
    ['forecasts 40% too low, of work in blocks', inBlocks, { noise: 0.1, bias: -0.4 }, 0.6],
  ])('%s: all is done in time', (_, { waitHours, rate }, trial, share) => {
    const shifted = live({ rate, waitHours, plan: (input) => planWorkload(input, null), ...trial })
    const usual = live({ rate, waitHours, plan: planPool, ...trial })
    expect(shifted.longest).toBeLessThanOrEqual(waitHours * 3_600)
    expect(shifted.costUsd).toBeLessThan(share * usual.costUsd)
  })
})
