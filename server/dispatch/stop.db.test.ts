import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { getSwitch, setSwitch } from '../governance/index.ts'
import type { Context } from '../kernel/context.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { askBack } from './index.ts'
import { createSagaDispatchScene, type SagaDispatchScene } from './testing/saga-scene.ts'
import { type SandboxStandIn, startSandboxStandIn } from './testing/sandbox-stand-in.ts'

let database: TestDatabase
let standIn: SandboxStandIn
let scene: SagaDispatchScene
let admin: Context

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => database.dispose())
beforeEach(async () => {
  standIn = await startSandboxStandIn()
  scene = await createSagaDispatchScene(database.db, standIn)
  admin = await scene.person('admin')
  return async () => {
    if ((await getSwitch({ ctx: admin })).engaged) await turn(false)
    await standIn.close()
  }
})

const turn = async (engaged: boolean) =>
  setSwitch({
    ctx: admin,
    input: { engaged, reason: 'a bad deploy', basedOn: (await getSwitch({ ctx: admin })).number },
  })
const levels = () => [scene.targets.cloud.desiredReplicas, scene.targets.owned.desiredReplicas]

/** The first stage stands and is ready; the second comes next. */
const betweenStages = async () => {
  const decisionId = await scene.approveSaga()
  await scene.run(decisionId)
  scene.settle('owned')
  scene.later()
  expect(levels()).toEqual([6, 8])
  return decisionId
}

test('what is under way stands still at the next gate, says so, and goes on when it may', async () => {
  const decisionId = await betweenStages()
  await turn(true)
  expect(await scene.run(decisionId)).toMatchObject({ state: 'dispatching' })
  expect(levels()).toEqual([6, 8])
  const halted = await scene.dispatch(decisionId)
  expect(halted.haltedAt).not.toBeNull()
  expect(halted.note).toMatch(
    /All dispatch was stopped by Test admin.*a bad deploy.*What stands: .* at 8 \(was 4\)/,
  )
  scene.later()
  await scene.run(decisionId)
  expect((await scene.audited(decisionId)).filter((action) => action === 'dispatch.halted')).toHaveLength(1)
  expect((await turn(false)).halted).toBe(1)
  expect(await scene.run(decisionId)).toMatchObject({ state: 'applied' })
  expect(levels()).toEqual([4, 8])
  expect((await scene.dispatch(decisionId)).haltedAt).toBeNull()
})

test('a person takes back what stands while the stop lasts; nothing else is written', async () => {
  const decisionId = await betweenStages()
  await expect(askBack({ ctx: scene.operator, input: { decisionId, reason: 'not yet' } })).rejects.toThrow(
    'does not stand still',
  )
  await turn(true)
  await scene.run(decisionId)
  await askBack({ ctx: scene.operator, input: { decisionId, reason: 'we start over tomorrow' } })
  await scene.run(decisionId)
  expect(levels()).toEqual([6, 4])
  scene.settle('owned')
  scene.later()
  expect(await scene.run(decisionId)).toMatchObject({ state: 'rolled_back' })
  expect(scene.targets.cloud.effects).toBe(0)
})

test('what was approved and not begun is not redeemed, and nothing is read as done', async () => {
  const decisionId = await scene.approveSaga()
  await turn(true)
  expect(await scene.run(decisionId)).toMatchObject({ state: 'pending' })
  expect(await scene.dispatch(decisionId)).toMatchObject({ state: 'pending', actions: [] })
  expect(levels()).toEqual([6, 4])
  await turn(false)
  expect(await scene.run(decisionId)).toMatchObject({ state: 'dispatching' })
  expect(levels()).toEqual([6, 8])
})

test('raced against many writes: after the stop has returned, none is let go', async () => {
  const scenes = [
    scene,
    ...(await Promise.all([1, 2, 3].map(() => createSagaDispatchScene(database.db, standIn)))),
  ]
  const decisions = await Promise.all(scenes.map((one) => one.approveSaga()))
  const running = scenes.map((one, i) => one.run(decisions[i] ?? ''))
  await turn(true)
  const { at } = await getSwitch({ ctx: admin })
  const sentBefore = await database.db.receipt.count({ where: { outcome: 'sent' } })
  await Promise.all(running)
  for (const [i, one] of scenes.entries()) {
    one.later()
    await one.run(decisions[i] ?? '')
  }
  expect(at).not.toBeNull()
  expect(await database.db.receipt.count({ where: { outcome: 'sent' } })).toBe(sentBefore)
})
