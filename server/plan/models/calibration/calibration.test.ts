import { expect, test } from 'vitest'
import { seededRandom } from '../../../kernel/rng.ts'
import { batchingServing } from '../../testing/batching-serving.ts'
import { batchingSteps, queueSteps } from '../../testing/pool-steps.ts'
import { batchingModel } from '../batching/model.ts'
import { type CalibrationInput, calibrate } from './calibrate.ts'
import { minimise } from './nelder-mead.ts'
import { capacityByUtilisation, utilisationLine } from './utilisation.ts'

const truth = { capacityPerReplica: 7.3, serviceSeconds: 0.8, unloadedP99Ms: 1_250, variability: 1.6 }
const telemetry = { steps: 1_440, seed: 4, noise: 0.04, peak: 60 }
/** Declared wrong on purpose. */
const input: CalibrationInput = {
  steps: [],
  stepSeconds: 60,
  objectiveP99Ms: 2_500,
  capacityPerReplica: 5,
  serving: null,
  seed: 1,
}

function queueOf(changes: Partial<CalibrationInput>) {
  const model = calibrate({ ...input, ...changes })
  if (model.kind !== 'queue') throw new Error('A queue was expected.')
  return model
}

test('recovers a known queue from noisy telemetry, with utilisation and without', () => {
  const steps = queueSteps(truth, telemetry)
  for (const seen of [steps, steps.map((step) => ({ ...step, utilisation: null }))]) {
    const model = queueOf({ steps: seen })
    expect(model.fit).toMatchObject({ source: 'telemetry', verdict: 'fits well' })
    expect(model.fit.observations).toBeGreaterThan(1_000)
    expect(model.fit.medianRelativeError).toBeLessThan(0.05)
    expect(model.capacityPerReplica / truth.capacityPerReplica).toBeCloseTo(1, 1)
    expect(Math.abs(model.capacityPerReplica / truth.capacityPerReplica - 1)).toBeLessThan(0.05)
    expect(Math.abs(model.unloadedP99Ms / truth.unloadedP99Ms - 1)).toBeLessThan(0.05)
    // What a wait does not depend on much is only near.
    expect(Math.abs(Math.log(model.variability / truth.variability))).toBeLessThan(0.5)
  }
})

test('wild values among the others change little', () => {
  const random = seededRandom(9)
  const steps = queueSteps(truth, telemetry).map((step) =>
    random() < 0.03 ? { ...step, latencyP99Ms: 100 + 60_000 * random() } : step,
  )
  const { capacityPerReplica, unloadedP99Ms } = queueOf({ steps })
  expect(Math.abs(capacityPerReplica / truth.capacityPerReplica - 1)).toBeLessThan(0.08)
  expect(Math.abs(unloadedP99Ms / truth.unloadedP99Ms - 1)).toBeLessThan(0.08)
})

test('who would wait for too long gives up: a pool that is overloaded every day is fitted too', () => {
  const load = { ...telemetry, peak: 60, overload: 1.6, longestWaitSeconds: 12 }
  const model = queueOf({ steps: queueSteps(truth, load) })
  expect(model.fit).toMatchObject({ source: 'telemetry', verdict: 'fits well' })
  expect(Math.abs(model.capacityPerReplica / truth.capacityPerReplica - 1)).toBeLessThan(0.1)
})

test('nonsense fits poorly, and what is declared counts', () => {
  const random = seededRandom(2)
  const steps = queueSteps(truth, telemetry).map((step) => ({
    ...step,
    latencyP99Ms: 500 * Math.exp(3 * random()),
  }))
  expect(queueOf({ steps })).toMatchObject({
    capacityPerReplica: 5,
    serviceSeconds: 1.25,
    unloadedP99Ms: 1_250,
    fit: { source: 'assumed', verdict: 'fits poorly', words: expect.stringContaining('half the objective') },
  })
  const declared = { kind: 'queue', serviceSeconds: 0.5, arrivalScv: 1, serviceScv: 3 } as const
  expect(queueOf({ steps, serving: declared })).toMatchObject({
    serviceSeconds: 0.5,
    unloadedP99Ms: 500,
    variability: 2,
    fit: { source: 'declared', verdict: 'fits poorly' },
  })
})

test('too few steps, and a p99 that never moves, tell nothing', () => {
  const steps = queueSteps(truth, { ...telemetry, steps: 150 })
  expect(queueOf({ steps }).fit).toMatchObject({ verdict: 'too few to tell', observations: 150 })
  const calm = queueSteps(truth, telemetry).map((step) => ({ ...step, latencyP99Ms: 1_250 }))
  expect(queueOf({ steps: calm }).fit.words).toContain('no queue was seen')
  expect(queueOf({}).fit).toMatchObject({ source: 'assumed', observations: 0, explainedShare: null })
})

test('recovers how much slower a batching replica is than declared', () => {
  const declared = batchingServing()
  const objective = { endToEndP99Ms: 60_000 }
  const base = batchingModel(declared, objective, 1)
  const steps = batchingSteps(base, 1.7, 700, { ...telemetry, peak: 30 })
  const model = calibrate({ ...input, objectiveP99Ms: 60_000, steps, serving: declared })
  if (model.kind !== 'batching') throw new Error('A batching model was expected.')
  expect(model.fit).toMatchObject({ source: 'telemetry', verdict: 'fits well' })
  expect(
    Math.abs((model.saturatedRequestsPerSecond * 1.7) / base.saturatedRequestsPerSecond - 1),
  ).toBeLessThan(0.05)
  const nonsense = steps.map((step, i) => ({ ...step, latencyP99Ms: 1_000 + ((i * 7_919) % 90_000) }))
  const poor = calibrate({ ...input, objectiveP99Ms: 60_000, steps: nonsense, serving: declared })
  expect(poor).toEqual({ ...base, fit: poor.fit })
  expect(poor.fit).toMatchObject({ source: 'declared', verdict: 'fits poorly' })
})

test('longer answers than declared are taken from the measured tokens', () => {
  const steps = batchingSteps(batchingModel(batchingServing(), { endToEndP99Ms: 60_000 }, 1), 1, 1_400, {
    ...telemetry,
    steps: 140,
  })
  const model = calibrate({ ...input, steps, serving: batchingServing() })
  const doubled = batchingServing({
    promptTokens: { mean: 1_000, scv: 1 },
    outputTokens: { mean: 400, scv: 1 },
  })
  expect(model).toEqual({
    ...batchingModel(doubled, { endToEndP99Ms: input.objectiveP99Ms }, 1),
    fit: model.fit,
  })
})

test('utilisation gives a capacity where it follows demand, and none where it is always busy', () => {
  const steps = queueSteps(truth, telemetry)
  const line = utilisationLine(steps)
  expect(line?.idle).toBeCloseTo(0.05, 2)
  // Busy is 0.95 here and 1 in the estimate.
  expect(capacityByUtilisation(line)).toBeCloseTo((truth.capacityPerReplica * 0.95) / 0.9, 1)
  expect(
    capacityByUtilisation(utilisationLine(steps.map((step) => ({ ...step, utilisation: 0.98 })))),
  ).toBeNull()
  expect(utilisationLine(steps.slice(0, 50))).toBeNull()
})

test('the minimiser finds the bottom of a bent valley', () => {
  const banana = ([x = 0, y = 0]: number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2
  const { at } = minimise(banana, [-1.2, 1], 0.5, 400)
  expect(at[0]).toBeCloseTo(1, 3)
  expect(at[1]).toBeCloseTo(1, 3)
})
