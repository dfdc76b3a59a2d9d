import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { getPolicyEngine, getProposal, setPolicyEngine } from '../governance/index.ts'
import { denies, type OpaStandIn, startOpaStandIn } from '../governance/testing/opa-stand-in.ts'
import type { Scene } from '../governance/testing/scene.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { createSagaDispatchScene } from './testing/saga-scene.ts'
import { type SandboxStandIn, startSandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene } from './testing/scene.ts'

let database: TestDatabase
let standIn: SandboxStandIn
let opa: OpaStandIn

beforeAll(async () => {
  vi.stubEnv('INFRASAGE_PRIVATE_HOSTS', '127.0.0.1')
  ;[database, standIn] = await Promise.all([createTestDatabase(), startSandboxStandIn()])
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await Promise.all([database.dispose(), standIn.close()])
})
beforeEach(async () => {
  opa = await startOpaStandIn()
})
afterEach(() => opa.close())

/** Puts a scene under an engine that allows everything so far. */
async function under<S extends Scene>(scene: S): Promise<S> {
  const { version } = await getPolicyEngine({ ctx: scene.system })
  const input = { url: opa.url, token: null, timeoutMs: 5_000, reason: 'for a test', basedOn: version }
  await setPolicyEngine({ ctx: await scene.person('admin'), input })
  return scene
}

test('a worker has the engine asked before anything is written, and carries out what it allows', async () => {
  const scene = await under(await createDispatchScene(database.db, standIn))
  const decisionId = await scene.approve(10)
  expect(await scene.run(decisionId)).toMatchObject({ kind: 'ran' })
  expect(scene.target).toMatchObject({ desiredReplicas: 10, effects: 1 })
  expect(opa.heard.map(({ body }) => JSON.parse(body).input.decision)).toEqual(['approve', 'dispatch'])
})

test('what it denies by then is void and back in the inbox, and nothing was written', async () => {
  const scene = await under(await createDispatchScene(database.db, standIn))
  const decisionId = await scene.approve(10)
  opa.otherwise = () => denies('frozen since noon')
  expect(await scene.run(decisionId)).toMatchObject({ kind: 'ran', state: 'void' })
  expect(scene.target).toMatchObject({ desiredReplicas: 6, effects: 0 })
  const dispatch = await scene.dispatch(decisionId)
  expect(dispatch).toMatchObject({ state: 'void', note: expect.stringContaining('frozen since noon') })
  expect(await scene.audited(decisionId)).toContain('dispatch.void')
  const { proposalId } = await database.db.decision.findUniqueOrThrow({ where: { id: decisionId } })
  const proposal = await getProposal({ ctx: scene.system, input: { id: proposalId } })
  expect(proposal).toMatchObject({
    state: 'waiting',
    voidReason: expect.stringContaining('frozen since noon'),
  })
})

test('a later stage is asked about anew: what it denies by then is not written, and what was done is taken back', async () => {
  const scene = await under(await createSagaDispatchScene(database.db, standIn))
  const { cloud, owned } = scene.targets
  const decisionId = await scene.approveSaga()
  await scene.run(decisionId)
  expect([cloud.desiredReplicas, owned.desiredReplicas]).toEqual([6, 8])
  scene.settle('owned')
  scene.later()
  // Without a verdict nothing is written, and nothing that stands is taken away.
  opa.answers.push({ status: 503, body: '' })
  expect(await scene.run(decisionId)).toMatchObject({ state: 'dispatching' })
  expect([cloud.desiredReplicas, owned.desiredReplicas]).toEqual([6, 8])
  expect((await scene.dispatch(decisionId)).note).toContain('waits for a verdict of the policy engine')
  scene.later()
  opa.otherwise = () => denies('frozen since noon')
  expect(await scene.run(decisionId)).toMatchObject({ state: 'rolling_back' })
  const asked = opa.heard.length
  scene.settle('owned')
  scene.later()
  expect(await scene.run(decisionId)).toMatchObject({ state: 'rolled_back' })
  expect([cloud.desiredReplicas, cloud.effects, owned.desiredReplicas]).toEqual([6, 0, 4])
  expect((await scene.dispatch(decisionId)).note).toMatch(/frozen since noon.*taken back/)
  // What takes it back was approved with it.
  expect(opa.heard.length).toBe(asked)
})
