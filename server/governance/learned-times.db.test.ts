import { afterAll, beforeAll, expect, test } from 'vitest'
import { transact } from '../kernel/transact.ts'
import { learnedApproval, poolsOf } from '../plan/index.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { approve, reject } from './index.ts'
import { createScene, type Scene, seenOf } from './testing/scene.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const approvalOf = (scene: Scene) =>
  transact(scene.system, (tx) => learnedApproval(tx, scene.workloadId, 300))
const capacityOf = (scene: Scene) =>
  transact(scene.system, async (tx) => (await poolsOf(tx, scene.workloadId)).leading)

test('the time that people take is learned from their decisions, and shrunk to what the policy declares', async () => {
  const scene = await createScene(database.db)
  expect(await approvalOf(scene)).toBeNull()
  const person = await scene.person('operator')
  for (let i = 1; i <= 3; i++) {
    const seen = seenOf(await scene.propose(7 + i))
    scene.clock.advance(400_000)
    await reject({ ctx: person, input: { ...seen, reason: 'not now' } })
  }
  // The declaration weighs as much as eight decisions.
  const p90Seconds = Math.round(Math.exp((3 * Math.log(400) + 8 * Math.log(300)) / 11))
  expect(await approvalOf(scene)).toMatchObject({
    p90Seconds,
    observations: 3,
    measuredP90Seconds: 400,
  })
  const { evidence } = await scene.planned(12)
  expect(evidence).toMatchObject({ approvalLeadSeconds: p90Seconds, approval: { observations: 3 } })
})

test('leads of an offering are learned from rises that were verified, not from falls', async () => {
  const scene = await createScene(database.db)
  expect((await capacityOf(scene))?.offering).not.toHaveProperty('lead')
  const person = await scene.person('operator')
  const carryOut = async (toReplicas: number, seconds: number) => {
    const seen = seenOf(await scene.propose(toReplicas))
    const { id: decisionId } = await approve({ ctx: person, input: seen })
    const { id: dispatchId } = await scene.dispatched(decisionId, 'verified')
    const appliedAt = scene.clock.now()
    scene.clock.advance(seconds * 1_000)
    await database.db.dispatchAction.create({
      data: {
        dispatchId,
        position: 0,
        stage: 0,
        targetId: scene.targetId,
        state: 'verified',
        appliedAt,
        verifiedAt: scene.clock.now(),
      },
    })
    await scene.observe(toReplicas, `${toReplicas}-${seconds}`)
  }
  await carryOut(5, 5)
  await carryOut(10, 500)
  await carryOut(14, 700)
  expect((await capacityOf(scene))?.offering).toMatchObject({
    lead: { observations: 2, measuredP50Seconds: 700, measuredP90Seconds: 700, declaredP50Seconds: 120 },
    leadTimeP50Seconds: Math.round(Math.exp((2 * Math.log(700) + 8 * Math.log(120)) / 10)),
    leadTimeP90Seconds: Math.round(Math.exp((2 * Math.log(700) + 8 * Math.log(240)) / 10)),
  })
})
