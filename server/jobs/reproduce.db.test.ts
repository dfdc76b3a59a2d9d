import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  cancelEvent,
  createEvent,
  EngineCache,
  ForecastSnapshotSchema,
  reproduceForecast,
  updateEvent,
} from '../forecast/index.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { advance } from './advance.ts'
import { createLiveScene, type LiveScene, mapDemand } from './testing/live-scene.ts'

const minuteMs = 60_000
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await mapDemand(database.db)
})
afterAll(() => database.dispose())

const liveScene = (cache?: EngineCache) => createLiveScene(database.db, cache)

const reproduce = ({ system }: LiveScene, { id }: { id: string }) =>
  reproduceForecast({ ctx: system, input: { forecastId: id } })

describe('a stored forecast is made again byte for byte', () => {
  test('the first one, those after gaps, and one on each side of later changes of telemetry', async () => {
    const scene = await liveScene()
    await scene.history(90)
    await scene.turn()
    await scene.live(25)
    // Rollups change after the fact: a late sample, and all of them gone.
    await scene.sample(scene.clock.now().getTime() - 20 * minuteMs + 30_000, 900)
    await database.db.rollup.deleteMany({ where: { workloadId: scene.workloadId } })
    const stored = await scene.forecasts()
    expect(stored.length).toBeGreaterThan(15)
    const results = await Promise.all(stored.map((row) => reproduce(scene, row)))
    for (const [i, result] of results.entries()) {
      expect(result.text).toMatch(/every byte of state and forecast is the same/)
      expect(result).toMatchObject({ same: true, possible: true, differences: [] })
      expect(result.stateHash).toBe(stored[i]?.stateHash)
    }
    expect(results[0]?.replayedSteps).toBe(0)
    expect(results.at(-1)?.replayedSteps).toBeGreaterThan(15)
    expect(stored.at(-1)?.snapshot).toMatchObject({
      lineage: { learned: 1, telemetryTo: stored.at(-1)?.origin.toISOString() },
    })
  })

  test('with the planned events of its time, though they were moved and taken back since', async () => {
    const scene = await liveScene()
    await scene.history(60)
    const ctx = await scene.person('operator')
    const inMinutes = (minutes: number) =>
      new Date(scene.clock.now().getTime() + minutes * minuteMs).toISOString()
    const { id } = await createEvent({
      ctx,
      input: {
        ...{ workloadId: scene.workloadId, name: 'Launch', kind: 'launch', expectedFactor: 2 },
        ...{ startsAt: inMinutes(10), endsAt: inMinutes(30) },
      },
    })
    await scene.turn()
    await scene.live(4)
    await updateEvent({ ctx, input: { id, startsAt: inMinutes(1) } })
    await scene.live(4)
    await cancelEvent({ ctx, input: { id } })
    await scene.live(4)
    const stored = await scene.forecasts()
    const events = stored.map(({ snapshot }) => ForecastSnapshotSchema.parse(snapshot).events)
    // What people expect is in the forecast: about twice as much while the launch lasts.
    const { leads, levels } = ForecastSnapshotSchema.parse(stored[0]?.snapshot)
    const medianAt = (lead: number) => leads[lead - 1]?.values[levels.indexOf(0.5)] ?? 0
    expect(medianAt(20) / medianAt(5)).toBeGreaterThan(1.4)
    expect(medianAt(45) / medianAt(5)).toBeLessThan(1.4)
    expect(events[0]).toMatchObject([{ id, name: 'Launch', expectedFactor: 2 }])
    expect(events.at(-1)).toEqual([])
    expect(new Set(events.map(([event]) => event?.startsAt)).size).toBe(3)
    for (const row of stored)
      expect(await reproduce(scene, row)).toMatchObject({ same: true, differences: [] })
  })

  test('one whose record was altered is said to differ, and where', async () => {
    const scene = await liveScene()
    await scene.history(40)
    await scene.turn()
    const [row] = await scene.forecasts()
    if (row === undefined) throw new Error('no forecast was issued')
    const snapshot = { ...(row.snapshot as object), baseline: -1 }
    await database.db.forecast.update({ where: { id: row.id }, data: { snapshot } })
    const result = await reproduce(scene, row)
    expect(result.same).toBe(false)
    expect(result.differences).toEqual([
      { path: 'baseline', stored: '-1', reproduced: expect.stringMatching(/^\d\d/) },
    ])
  })

  type Alteration = {
    values: Uint8Array<ArrayBuffer>
    offer: Uint8Array<ArrayBuffer>
    offerName: string
    events: object[]
  }
  test.each<[string, Partial<Alteration>]>([
    ['another value', { values: new Uint8Array(8) }],
    ['an event that is none', { events: [{ id: 'x' }] }],
    ['an offer that is no number', { offer: new Uint8Array(60 * 9 * 8).fill(255), offerName: 'm' }],
  ])('one whose model was told %s since is not the same, and the model starts over', async (_, change) => {
    const scene = await liveScene()
    await scene.history(40)
    await scene.turn()
    await scene.live(3)
    const row = (await scene.forecasts()).at(-1)
    if (row === undefined) throw new Error('no forecast was issued')
    const key = { checkpointId: row.checkpointId ?? '', trainedTo: row.origin }
    const where = { checkpointId_trainedTo: key }
    const { events, ...told } = await database.db.modelInput.findUniqueOrThrow({ where })
    await database.db.modelInput.delete({ where })
    await database.db.modelInput.create({ data: { ...told, events: events ?? undefined, ...change } })
    expect((await reproduce(scene, row)).same).toBe(false)
    await scene.live(3)
    const [first, last] = [(await scene.forecasts())[0], (await scene.forecasts()).at(-1)]
    expect(last?.checkpointId).not.toBe(first?.checkpointId)
    expect(last && (await reproduce(scene, last)).same).toBe(true)
  })

  test.each([[{ unit: 1, leads: 'none' }], [null]])(
    'one whose snapshot became %j is not the same',
    async (snapshot) => {
      const scene = await liveScene()
      await scene.history(40)
      await scene.turn()
      const [row] = await scene.forecasts()
      if (row === undefined) throw new Error('no forecast was issued')
      await database.db.$executeRaw`
        UPDATE "Forecast" SET "snapshot" = ${JSON.stringify(snapshot)}::jsonb, "plannedLeads" = -7 WHERE "id" = ${row.id}::uuid`
      expect(await reproduce(scene, row)).toMatchObject({ possible: true, same: false })
    },
  )

  test('one of another model version, or of before there were checkpoints, is said to be out of reach', async () => {
    const scene = await liveScene()
    await scene.history(40)
    await scene.turn()
    const [row] = await scene.forecasts()
    if (row === undefined) throw new Error('no forecast was issued')
    await database.db.forecast.update({ where: { id: row.id }, data: { modelVersion: 'ensemble-1' } })
    const other = await reproduce(scene, row)
    expect(other).toMatchObject({ possible: false, same: false, modelVersion: 'ensemble-1' })
    expect(other.text).toMatch(/Model version ensemble-1 issued it/)
    const { modelVersion } = row
    await database.db.forecast.update({ where: { id: row.id }, data: { modelVersion, checkpointId: null } })
    expect((await reproduce(scene, row)).text).toMatch(/before checkpoints were kept/)
  })
})

describe('the live engine', () => {
  test('gives the same states as checkpoint and inputs do, and is not trusted when another process went on', async () => {
    const cache = new EngineCache(1e9)
    const [kept, read] = [await liveScene(cache), await liveScene()]
    for (const scene of [kept, read]) {
      await scene.history(60)
      await scene.turn()
      await scene.live(5)
    }
    expect(cache.bytes).toBeGreaterThan(50_000)
    expect((await kept.model()).stateHash).toBe((await read.model()).stateHash)
    // Another worker takes a turn: what this one holds is old.
    kept.clock.advance(minuteMs)
    await kept.sample(kept.clock.now().getTime(), 44)
    await advance({ ctx: kept.system, input: { workloadId: kept.workloadId } })
    read.clock.advance(minuteMs)
    await read.sample(read.clock.now().getTime(), 44)
    await read.turn()
    await kept.live(3)
    await read.live(3)
    expect((await kept.model()).stateHash).toBe((await read.model()).stateHash)
  })

  test('of a turn that failed is thrown away', async () => {
    const cache = new EngineCache(1e9)
    const scene = await liveScene(cache)
    await scene.history(60)
    await scene.turn()
    scene.clock.advance(minuteMs)
    await scene.sample(scene.clock.now().getTime(), 31)
    const broken = { ...scene.system, ids: { ...scene.system.ids, uuid: () => 'not a uuid' } }
    await expect(advance({ ctx: broken, input: { workloadId: scene.workloadId } }, cache)).rejects.toThrow()
    expect(cache.bytes).toBe(0)
    await scene.turn()
    const [, last] = await scene.forecasts()
    if (last === undefined) throw new Error('the second forecast is missing')
    expect((await reproduce(scene, last)).same).toBe(true)
  })
})

test('of planned events around one time there is room for fifty, so that a forecast stays small', async () => {
  const scene = await liveScene()
  const ctx = await scene.person('operator')
  const now = scene.clock.now().getTime()
  const startsAt = new Date(now + 60 * minuteMs)
  const endsAt = new Date(now + 90 * minuteMs)
  const { workloadId } = scene
  const times = { createdAt: startsAt, updatedAt: startsAt }
  await database.db.plannedEvent.createMany({
    data: Array.from({ length: 50 }, () => ({
      ...{ id: randomUUID(), workloadId, name: 'One of many', kind: 'other' as const, startsAt, endsAt },
      ...times,
    })),
  })
  const input = { workloadId, name: 'One more', kind: 'other' as const }
  const create = (days: number) =>
    createEvent({
      ctx,
      input: {
        ...input,
        startsAt: new Date(startsAt.getTime() + days * 86_400_000).toISOString(),
        endsAt: new Date(endsAt.getTime() + days * 86_400_000).toISOString(),
      },
    })
  await expect(create(0)).rejects.toThrow(/at most 50/)
  const { id } = await create(3)
  await expect(
    updateEvent({ ctx, input: { id, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() } }),
  ).rejects.toThrow(/at most 50/)
})
