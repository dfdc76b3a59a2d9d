import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dropOldForecasts, reproduceForecast, reviewForecast } from '../forecast/index.ts'
import { propose } from '../governance/index.ts'
import { transact } from '../kernel/transact.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { createLiveScene, type LiveScene, mapDemand } from './testing/live-scene.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await mapDemand(database.db)
})
afterAll(() => database.dispose())

/** Six and a half hours without a turn, then one, so that a checkpoint is due. */
async function longPause(scene: LiveScene): Promise<void> {
  scene.clock.advance(390 * minuteMs)
  await scene.history(390)
  await scene.turn()
}

describe('checkpoints', () => {
  test('come after 360 steps; between them only what was told is written', async () => {
    const scene = await createLiveScene(database.db)
    await scene.history(60)
    await scene.turn()
    await scene.live(4)
    expect(await scene.checkpoints()).toBe(1)
    await longPause(scene)
    expect(await scene.checkpoints()).toBe(2)
    await scene.live(3)
    expect(await scene.checkpoints()).toBe(2)
    const last = (await scene.forecasts()).at(-1)
    const result = await reproduceForecast({ ctx: scene.system, input: { forecastId: last?.id ?? '' } })
    expect(result.same).toBe(true)
    expect(result.replayedSteps).toBeLessThan(6)
  })

  test('go with the last forecast that follows from them; what a proposal stands on stays reproducible', async () => {
    const scene = await createLiveScene(database.db)
    await scene.history(60)
    await scene.turn()
    await scene.live(4)
    const [, , kept] = await scene.forecasts()
    if (kept === undefined) throw new Error('there are too few forecasts')
    await longPause(scene)
    await longPause(scene)
    expect(await scene.checkpoints()).toBe(3)
    // The turns may have proposed by themselves; here one forecast alone is to be stood on.
    await database.db.proposal.updateMany({
      where: { workloadId: scene.workloadId },
      data: { forecastId: null },
    })
    const content = await scene.planned(10)
    const input = { workloadId: scene.workloadId, forecastId: kept.id, content }
    await transact(scene.system, (tx) => propose({ ctx: scene.system, tx, input }))
    scene.clock.advance(31 * dayMs)
    await dropOldForecasts({ ctx: scene.system })
    // The first has the proposal's forecast, the third is where the model goes on from.
    expect(await scene.checkpoints()).toBe(2)
    expect((await scene.forecasts()).map((row) => row.id)).toEqual([kept.id])
    const result = await reproduceForecast({ ctx: scene.system, input: { forecastId: kept.id } })
    expect(result.same).toBe(true)
    await scene.sample(scene.clock.now().getTime(), 30)
    expect((await scene.turn()).learned).toBeGreaterThan(0)
  })
})

test('a model whose checkpoint is damaged starts over from history, and the log says why', async () => {
  const scene = await createLiveScene(database.db)
  await scene.history(60)
  await scene.turn()
  const owner = new Client({ connectionString: database.ownerUrl })
  await owner.connect()
  await owner.query(`UPDATE "ModelCheckpoint" SET "state" = '\\x00' WHERE "workloadId" = $1`, [
    scene.workloadId,
  ])
  await owner.end()
  await scene.live(3)
  const entry = await database.db.auditEntry.findFirst({
    where: { subject: `workload/${scene.workloadId}`, action: 'model.started' },
    orderBy: { seq: 'desc' },
  })
  expect(entry?.canonical).toMatch(/is not what was kept: it cannot be read/)
  expect((await scene.forecasts()).length).toBeGreaterThan(1)
})

describe('history that comes in after live telemetry began', () => {
  test('is learned when it is worth it, and what was said before stays what was said', async () => {
    const scene = await createLiveScene(database.db)
    await scene.history(50)
    await scene.turn()
    await scene.live(3)
    const before = (await scene.forecasts()).at(-1)
    const { trainedFrom } = await scene.model()
    await scene.history(30, 60)
    expect((await scene.turn()).learned).toBe(0)
    await scene.history(300, 60)
    expect((await scene.turn()).learned).toBeGreaterThan(300)
    const model = await scene.model()
    expect(trainedFrom.getTime() - model.trainedFrom.getTime()).toBeGreaterThan(200 * minuteMs)
    const after = (await scene.forecasts()).at(-1)
    expect(after).toEqual(before)
    const { same } = await reproduceForecast({ ctx: scene.system, input: { forecastId: after?.id ?? '' } })
    expect(same).toBe(true)
    const entries = await database.db.auditEntry.findMany({
      where: { subject: `workload/${scene.workloadId}`, action: 'model.started' },
      orderBy: { seq: 'asc' },
    })
    expect(entries.map(({ canonical }) => JSON.parse(canonical).body.why)).toEqual([
      'it is the first of this signal',
      expect.stringMatching(/^\d+ measured steps came in from before /),
    ])
    expect((await scene.turn()).learned).toBe(0)
  })
})

test('a forecast is looked back on beside what was measured since, and nothing of its future is invented', async () => {
  const scene = await createLiveScene(database.db)
  await scene.history(90)
  await scene.turn()
  const at = scene.clock.now().toISOString()
  await scene.live(12)
  const input = { workloadId: scene.workloadId, at }
  const review = await reviewForecast({ ctx: scene.system, input })
  if (review === null) throw new Error('there was a forecast at that time')
  expect(review.issuedAt <= at).toBe(true)
  expect(review.measured).toHaveLength(review.snapshot.leads.length)
  const known = review.measured.filter(({ value }) => value !== null)
  // Two of the twelve minutes are gaps, and the newest step is still open.
  expect(known.length).toBeGreaterThan(6)
  expect(known.length).toBeLessThan(13)
  expect(review.scores.judged).toBe(known.length)
  expect(review.scores.held90).toBeGreaterThanOrEqual(0)
  const median = review.snapshot.levels.indexOf(0.5)
  const errors = known.map(({ lead, value }) =>
    Math.abs((value ?? 0) - (review.snapshot.leads[lead - 1]?.values[median] ?? 0)),
  )
  const meanError = errors.reduce((sum, error) => sum + error, 0) / errors.length
  expect(review.scores.meanAbsoluteError).toBeCloseTo(meanError, 9)
  const before = new Date(Date.parse(at) - 86_400_000).toISOString()
  expect(await reviewForecast({ ctx: scene.system, input: { ...input, at: before } })).toBeNull()
})
