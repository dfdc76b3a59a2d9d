import { afterAll, beforeAll, expect, test } from 'vitest'
import { controllerStates } from '../plan/index.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { createLiveScene, mapDemand } from './testing/live-scene.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await mapDemand(database.db)
})
afterAll(() => database.dispose())

test('the controller of a pool goes on from turn to turn, and says who is in control', async () => {
  const scene = await createLiveScene(database.db)
  const state = async () =>
    (await controllerStates({ ctx: scene.system, input: { workloadId: scene.workloadId } }))[0]
  expect(await state()).toBeUndefined()
  await scene.history(60)
  await scene.turn()
  const first = await state()
  expect(first).toMatchObject({ control: 'plan', since: null, planCostUsd: 0 })

  await scene.live(5)
  const later = await state()
  expect(Date.parse(later?.at ?? '')).toBeGreaterThan(Date.parse(first?.at ?? ''))
  expect(later?.planCostUsd).toBeGreaterThan(0)
  const kept = await database.db.poolController.findFirstOrThrow({
    where: { pool: { workloadId: scene.workloadId } },
  })
  // A turn without a new step leaves it as it was.
  await scene.turn()
  expect(await database.db.poolController.findUnique({ where: { poolId: kept.poolId } })).toEqual(kept)
})
