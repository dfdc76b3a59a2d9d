import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dropOldForecasts, reproduceForecast } from '../forecast/index.ts'
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
