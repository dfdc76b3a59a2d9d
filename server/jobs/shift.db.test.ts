import { afterAll, beforeAll, expect, test } from 'vitest'
import { approve, getProposal } from '../governance/index.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { createLiveScene, mapDemand } from './testing/live-scene.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await mapDemand(database.db)
})
afterAll(() => database.dispose())

test('work that may wait is shifted to the cheap hour once its queue is measured, and a person approves it', async () => {
  const { db } = database
  const scene = await createLiveScene(db)
  const { workloadId, clock, system } = scene
  await db.workload.update({
    where: { id: workloadId },
    data: { kind: 'batch', objectiveP99Ms: 6 * 3_600_000 },
  })
  const now = clock.now()
  const cheap = (hour: number) => ((hour - now.getUTCHours() + 24) % 24 >= 3 ? 1 : 20)
  await db.offering.update({
    where: { id: scene.offeringId },
    data: { priceProfileUsd: Array.from({ length: 24 }, (_, hour) => cheap(hour)) },
  })
  await scene.history(60)
  const unmeasured = await scene.turn()
  expect(unmeasured.outcome).not.toContain('wait')

  clock.advance(60_000)
  const at = clock.now().getTime()
  await scene.sample(at, 34)
  await db.rollup.createMany({
    data: [0, 1, 2].map((minutes) => ({
      ...{ workloadId, signal: 'queue_depth', at: new Date(at - minutes * 60_000), value: 3, samples: 4 },
      updatedAt: clock.now(),
    })),
  })
  const { outcome } = await scene.turn()
  expect(outcome).toContain('work waits until')
  const [{ id } = { id: '' }] = await db.proposal.findMany({ where: { workloadId, state: 'waiting' } })
  const proposal = await getProposal({ ctx: system, input: { id } })
  expect(proposal.content).toMatchObject({ purpose: 'shift', direction: 'down' })
  expect(proposal.content.evidence.shift?.savesUsd).toBeGreaterThan(1)

  const operator = await scene.person('operator')
  await approve({
    ctx: operator,
    input: { proposalId: id, revision: proposal.revision, contentHash: proposal.contentHash },
  })
  expect(await scene.decisions(id)).toMatchObject([{ kind: 'approve' }])
})
