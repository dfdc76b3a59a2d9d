import { expect, test, vi } from 'vitest'
import { LatencyModel } from '../../plan/index.ts'
import { testCapacity, testPolicy } from '../../plan/testing/plan-input.ts'
import { REPLAY_POLICIES } from '../contract.ts'
import { wavyDemand } from '../replay/testing/scenes.ts'
import { simulatedTerms } from './pool-terms.ts'
import { type ReplayTask, replayReport } from './report.ts'

/** A machine that is busy takes its time. */
vi.setConfig({ testTimeout: 30_000 })

const HISTORY = 60
const WINDOW = 260
const task = (changes: Partial<ReplayTask> = {}): ReplayTask => ({
  workload: { id: '00000000-0000-4000-8000-000000000001', name: 'chat', title: 'Chat' },
  startSeconds: 1_772_438_400,
  stepSeconds: 60,
  values: wavyDemand(HISTORY + WINDOW),
  historySteps: HISTORY,
  otherPools: 0,
  pool: testCapacity,
  policy: testPolicy,
  objectiveP99Ms: 800,
  unit: 'req/s',
  ...changes,
})
/** Made once: what several tests look at. */
const report = replayReport(task())
const span = { fromMs: 0, steps: 60, stepSeconds: 60, meanDemand: 60 }

test('every policy is run over the window, with the steps before it as history', () => {
  expect(report).toMatchObject({ steps: WINDOW, historySteps: HISTORY, gapSteps: 0, stepSeconds: 60 })
  expect(report.from).toBe(new Date((1_772_438_400 + HISTORY * 60) * 1_000).toISOString())
  expect(Date.parse(report.to) - Date.parse(report.from)).toBe(WINDOW * 60_000)
  const ran = [...report.outcomes, ...report.skipped].map(({ policy }) => policy)
  expect(new Set(ran)).toEqual(new Set(REPLAY_POLICIES))
  const optimum = report.outcomes.find(({ policy }) => policy === 'clairvoyant')
  for (const outcome of report.outcomes) {
    expect(outcome.totalVsOptimum).toBeGreaterThanOrEqual(1 - 1e-9)
    expect(outcome.totalCostUsd).toBeGreaterThanOrEqual((optimum?.totalCostUsd ?? 0) * (1 - 1e-9))
    const { pricePerReplicaHourUsd, powerKw, carbonGPerKwh } = report.terms
    expect(outcome.infraCostUsd).toBeCloseTo(outcome.replicaHours * pricePerReplicaHourUsd, 9)
    expect(outcome.carbonKg).toBeCloseTo((outcome.replicaHours * powerKw * carbonGPerKwh) / 1_000, 9)
  }
})

test('the curve holds the setting in force of each policy, and nothing efficient is beaten', () => {
  const { outcomes, pareto } = report
  for (const { policy, infraCostUsd, churnCostUsd, latencyP99Ms } of outcomes) {
    const inForce = pareto.filter((point) => point.policy === policy && point.inForce)
    expect(inForce).toHaveLength(1)
    expect(inForce[0]).toMatchObject({ paidCostUsd: infraCostUsd + churnCostUsd, latencyP99Ms })
  }
  const possible = pareto.filter(({ policy }) => !policy.startsWith('clairvoyant'))
  const efficient = pareto.filter((point) => point.efficient)
  expect(efficient.length).toBeGreaterThan(0)
  expect(efficient.every((point) => possible.includes(point))).toBe(true)
  for (const point of efficient) {
    const better = possible.filter(
      (other) => other.paidCostUsd < point.paidCostUsd && other.latencyP99Ms < point.latencyP99Ms,
    )
    expect(better).toEqual([])
  }
  const targets = pareto.filter(({ policy, inForce }) => policy === 'hpa-offered' && !inForce)
  expect(targets.map(({ setting }) => setting)).toEqual(
    [30, 40, 50, 60, 80, 90].map((target) => `target ${target}%`),
  )
})

test('moments cover the window: demand at its highest, replicas at their mean', () => {
  const { moments, momentSeconds, from, outcomes } = report
  expect(momentSeconds).toBe(120)
  expect(moments).toHaveLength(WINDOW / 2)
  expect(moments[0]?.at).toBe(from)
  expect(moments[0]?.demand).toBe(Math.max(...wavyDemand(400).slice(HISTORY, HISTORY + 2)))
  const kpa = moments.reduce((sum, { ready }) => sum + (ready.kpa ?? 0), 0) / moments.length
  expect(kpa).toBeCloseTo(outcomes.find(({ policy }) => policy === 'kpa')?.meanReady ?? 0, 9)
})

test('what was not measured is a gap, history before the first measurement is cut, and the same task gives the same', () => {
  const values = wavyDemand(120).map((value, i) => (i < 20 || (i >= 80 && i < 85) ? null : value))
  const holed = replayReport(task({ values }))
  expect(holed).toMatchObject({ steps: 60, historySteps: HISTORY - 20, gapSteps: 5, momentSeconds: 60 })
  expect(holed.moments[20]?.demand).toBeNull()
  expect(replayReport(task({ values }))).toEqual(holed)
})

test('a window without any measurement, or with too many steps, is refused', () => {
  const empty = wavyDemand(120).map((value, i) => (i >= HISTORY ? null : value))
  expect(() => replayReport(task({ values: empty }))).toThrow('Nothing was measured in this window')
  expect(() => replayReport(task({ values: new Array(90_001).fill(1) }))).toThrow('at most 90000')
})

test('terms follow the model of the pool where there is one', () => {
  const { pool, policy, objectiveP99Ms, unit } = task()
  const of = (changes: Partial<typeof pool>) =>
    simulatedTerms({ pool: { ...pool, ...changes }, policy, objectiveP99Ms, unit }, span)
  const { capacityPerReplica } = pool
  expect(of({})).toMatchObject({
    capacityPerReplica: capacityPerReplica / 0.85,
    serviceTimeSeconds: 0.4,
    sloP99Seconds: 0.8,
    approvalDelaySeconds: policy.approvalLeadSeconds,
    penaltyPerReplicaHourShort: policy.penaltyRatio * pool.offering.pricePerReplicaHourUsd,
  })
  const fit = {
    source: 'declared',
    verdict: 'too few to tell',
    observations: 0,
    explainedShare: null,
    medianRelativeError: null,
    words: '',
  } as const
  const model = {
    kind: 'queue',
    capacityPerReplica: 2 * capacityPerReplica,
    serviceSeconds: 0.1,
    unloadedP99Ms: 100,
    variability: 1.5,
    fit,
  } as const
  expect(of({ model })).toMatchObject({
    capacityPerReplica: 2 * capacityPerReplica,
    serviceTimeSeconds: 0.1,
    arrivalScv: 1.5,
    serviceScv: 1.5,
  })
})

test('the utilisation that counts against shortfall is the highest that keeps the objective', () => {
  const { pool, policy, unit } = task()
  for (const objectiveP99Ms of [300, 800, 2_000, 60_000]) {
    const terms = simulatedTerms({ pool, policy, objectiveP99Ms, unit }, span)
    const model = new LatencyModel(terms)
    const ready = Math.ceil(span.meanDemand / pool.capacityPerReplica)
    const keeps = (utilisation: number) => {
      const demand = utilisation * ready * terms.capacityPerReplica
      return !model.violates(model.p99Seconds({ demand, ready, backlogBefore: 0, backlog: 0 }))
    }
    const { shortfallUtilisation } = terms
    expect(keeps(shortfallUtilisation)).toBe(true)
    // Never above what is declared of the pool: 85% where no model says.
    expect(shortfallUtilisation).toBeLessThanOrEqual(0.85 + 1e-12)
    if (shortfallUtilisation < 0.85 - 1e-9) expect(keeps(shortfallUtilisation + 1e-6)).toBe(false)
  }
})

test('a lead time that varies is drawn between its quantiles, one that does not is a number', () => {
  const { pool, policy, objectiveP99Ms, unit } = task()
  const leadOf = (leadTimeP50Seconds: number, leadTimeP90Seconds: number) =>
    simulatedTerms(
      {
        pool: { ...pool, offering: { ...pool.offering, leadTimeP50Seconds, leadTimeP90Seconds } },
        policy,
        objectiveP99Ms,
        unit,
      },
      span,
    ).leadTimeSeconds
  expect(leadOf(300, 300)).toBe(300)
  const drawn = leadOf(180, 300)
  if (typeof drawn === 'number') throw new Error('expected quantiles')
  expect(drawn[9]).toBeCloseTo(180, 6)
  expect(drawn[17]).toBeCloseTo(300, 3)
  expect(drawn).toEqual(drawn.toSorted((a, b) => a - b))
})

test('ours waits for approval; autoscalers and the optimum do not', () => {
  const values = wavyDemand(160)
  const at = (approvalLeadSeconds: number) =>
    replayReport(task({ values, policy: { ...testPolicy, approvalLeadSeconds } }))
  const [slow, quick] = [at(1_200), at(0)]
  for (const policy of ['hpa-offered', 'kpa', 'clairvoyant'] as const) {
    const of = (from: typeof slow) => from.outcomes.find((outcome) => outcome.policy === policy)
    expect(of(slow), policy).toEqual(of(quick))
  }
  const costs = (from: typeof slow) =>
    from.outcomes.find(({ policy }) => policy === 'infrasage')?.totalCostUsd
  expect(costs(slow)).toBeGreaterThan(costs(quick) ?? Number.NaN)
  const without = (from: typeof slow) => from.pareto.filter(({ setting }) => setting === 'without approval')
  expect(without(slow)).toHaveLength(1)
  expect(without(quick)).toHaveLength(0)
})
