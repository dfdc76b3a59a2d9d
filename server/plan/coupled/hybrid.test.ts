import { expect, test } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import type { CapacitySnapshot, PlanInput } from '../contract.ts'
import { forecastOf, planInput, testPolicy } from '../testing/plan-input.ts'
import { planGroup } from './plan-group.ts'
import { loadSolver } from './solver.ts'
import { poolNamed } from './testing/pools.ts'

const solver = await loadSolver()
const stepSeconds = 30
const turnSeconds = 60
const spread = 0.04
const offsets = [-2.3, -1.6, -1.3, -0.7, 0, 0.7, 1.3, 1.6, 2.3]
const start = Date.parse('2026-03-04T13:00:00.000Z')
const logistic = (x: number) => 1 / (1 + Math.exp(-x))

/** A day that takes an hour, and is busy from its eighth hour to its twentieth. */
function rateAt(seconds: number, night: number, day: number): number {
  const hour = (seconds % 3_600) / 150
  return night + (day - night) * (logistic((hour - 8) * 2.4) - logistic((hour - 20) * 2.4))
}

const owned = {
  ...{ hardwareClass: 'A100', market: 'owned' as const, pricePerReplicaHourUsd: 0.62 },
  ...{ quotaReplicas: 10, leadTimeP50Seconds: 40, leadTimeP90Seconds: 70 },
}
const rented = {
  ...{ hardwareClass: 'A100', market: 'on_demand' as const, pricePerReplicaHourUsd: 2.9 },
  ...{ quotaReplicas: 20, leadTimeP50Seconds: 60, leadTimeP90Seconds: 110 },
}
type Levels = { assistant: number; cloud: number; moved: number }
type Moment = { t: number; clock: number; changedAt: Record<string, number>; random: () => number }

function poolAt(levels: Levels, name: keyof Levels): CapacitySnapshot {
  const offering = name === 'cloud' ? rented : owned
  const pool = poolNamed(name, {
    ...{ desiredReplicas: levels[name], capacityPerReplica: name === 'assistant' ? 12 : 2, offering },
    workloadId: name === 'assistant' ? 'assistant' : 'index',
  })
  const place = name === 'cloud' ? 'stockholm' : 'oslo'
  return {
    ...pool,
    offering: { ...pool.offering, id: `offering-${place}` },
    domain: { ...pool.domain, id: place, name: place },
  }
}

/** A workload at a moment, by a forecast that knows the day and errs a little; penalties are those of every other test. */
function inputAt(name: 'assistant' | 'index', levels: Levels, moment: Moment): PlanInput {
  const { t, clock, changedAt, random } = moment
  const isBatch = name === 'index'
  const iso = (seconds: number) => new Date(start + seconds * 1_000).toISOString()
  const leads = Array.from({ length: 60 }, (_, i) => {
    const after = (i + 1) * stepSeconds
    const rate = isBatch ? rateAt(clock + after, 8, 8.4) : rateAt(clock + after, 18, 82)
    const said = rate * (1 + spread * (random() - 0.5))
    const values = offsets.map((offset) => Math.max(0, said * (1 + offset * spread)))
    return { lead: i + 1, at: iso(t + after), values }
  })
  const base = planInput()
  return {
    ...base,
    now: iso(t),
    capacity: poolAt(levels, isBatch ? 'cloud' : 'assistant'),
    otherPools: isBatch ? [poolAt(levels, 'moved')] : [],
    workload: {
      ...{ ...base.workload, id: name, name, stepSeconds, kind: isBatch ? 'batch' : 'inference' },
      objectiveP99Ms: isBatch ? 600_000 : 1_500,
    },
    policy: {
      ...{ ...testPolicy, minReplicas: isBatch ? 0 : 2, maxReplicas: 12, maxStepUp: 12, maxStepDown: 12 },
      ...{ surgeProbability: 0.3, approvalLeadSeconds: 90, scaleDownCooldownSeconds: 240 },
    },
    forecast: { ...forecastOf([]), stepSeconds, leads },
    lastSampleAt: iso(t),
    lastChangeAt: iso(changedAt[name] ?? -1e6),
  }
}

/** An hour in turns: what is proposed is approved after half a minute, and its stages take the p90 lead each. */
function live(clockAtStart: number, seed: number) {
  const random = seededRandom(seed)
  const levels: Levels = { assistant: 8, cloud: 5, moved: 0 }
  const changedAt: Record<string, number> = {}
  const seen = { mostMoved: 0, shortSeconds: 0, costUsd: 0, backBeforePeak: 0 }
  let busyUntil = 0
  for (let t = 0; t < 3_600; t += turnSeconds) {
    const clock = clockAtStart + t
    const demand = rateAt(clock, 18, 82)
    if (demand > 12 * levels.assistant) seen.shortSeconds += turnSeconds
    if (demand > 80) seen.backBeforePeak = Math.max(seen.backBeforePeak, levels.assistant)
    seen.mostMoved = Math.max(seen.mostMoved, levels.moved)
    const perHour = 0.62 * (levels.assistant + levels.moved) + 2.9 * levels.cloud
    seen.costUsd += (perHour * turnSeconds) / 3_600
    if (t < busyUntil) continue
    const moment = { t, clock, changedAt, random }
    const inputs = [inputAt('assistant', levels, moment), inputAt('index', levels, moment)]
    const proposed = planGroup(inputs, solver).find(({ outcome }) => outcome.kind === 'propose')
    if (proposed?.outcome.kind !== 'propose') continue
    const { actions } = proposed.outcome.content
    for (const name of ['assistant', 'cloud', 'moved'] as const) {
      const action = actions.find(({ poolId }) => poolId === name)
      if (action === undefined) continue
      levels[name] = action.toReplicas
      changedAt[name === 'assistant' ? 'assistant' : 'index'] = t
    }
    busyUntil = t + 30 + 70 * new Set(actions.map(({ stage = 0 }) => stage)).size
  }
  return seen
}

// 2,340 s is before the evening, 2,940 s in the middle of its fall, 3,540 s deep in the night.
test.each([
  [2_340, 1],
  [2_940, 11],
  [3_540, 20],
])('from second %i of the day: owned GPUs take the work off-peak, and are back for the peak', (at, seed) => {
  const seen = live(at, seed)
  expect(seen.mostMoved).toBe(5)
  expect(seen.backBeforePeak).toBeGreaterThanOrEqual(7)
  // The stages of one plan take minutes, in which the morning rises by a third.
  expect(seen.shortSeconds).toBeLessThanOrEqual(300)
  expect(seen.costUsd).toBeLessThan(0.6 * (0.62 * 8 + 2.9 * 5))
})
