import { afterAll, beforeAll, expect, test } from 'vitest'
import { createScene, type Scene } from '../../governance/testing/scene.ts'
import { createTestDatabase, type TestDatabase, testStart } from '../../runtime/testing/index.ts'
import { controllerStates } from '../index.ts'

let database: TestDatabase
let scene: Scene

beforeAll(async () => {
  database = await createTestDatabase()
  scene = await createScene(database.db)
})
afterAll(() => database.dispose())

test('who is in control, since when, and what both would have cost', async () => {
  const ctx = await scene.person('auditor')
  const { workloadId } = scene
  expect(await controllerStates({ ctx, input: { workloadId } })).toEqual([])

  const pool = await database.db.pool.findFirstOrThrow({ where: { workloadId } })
  const guard = {
    control: 'reactive',
    sinceStep: 80,
    reactive: 'hpa-0.6-300',
    planCost: 6,
    reactiveCost: 5,
    weight: 10,
  }
  await database.db.poolController.create({
    data: { poolId: pool.id, advancedTo: testStart, state: { step: 101, guard }, updatedAt: testStart },
  })
  const [state] = await controllerStates({ ctx, input: { workloadId } })
  expect(state).toMatchObject({
    workload: { name: scene.name },
    control: 'reactive',
    // The last step learned is number 100; number 80 began 20 minutes before it.
    since: new Date(testStart.getTime() - 20 * 60_000).toISOString(),
    planCostUsd: 6,
    planCostPerHourUsd: 36,
    reactiveCostPerHourUsd: 30,
  })
  expect(await controllerStates({ ctx, input: { workloadId, control: 'plan' } })).toEqual([])
})
