import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { approve } from '../governance/index.ts'
import { createScene, type Scene, seenOf } from '../governance/testing/scene.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { sealConfig } from './connection-config.ts'
import {
  discoverTargets,
  getDispatch,
  listTargets,
  mapTargets,
  observeTargets,
  runDispatch,
} from './index.ts'
import {
  type KubernetesObject,
  type KubernetesStandIn,
  kubeconfigFor,
  startKubernetesStandIn,
} from './testing/kubernetes-stand-in.ts'

let database: TestDatabase
let standIn: KubernetesStandIn
let scene: Scene
let object: KubernetesObject
let at: string

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  standIn = await startKubernetesStandIn()
  scene = await createScene(database.db)
  at = `models/deployments/${scene.name}`
  object = standIn.add(at, 6)
  const { connectionId } = await database.db.target.update({
    where: { id: scene.targetId },
    data: { ref: { namespace: 'models', kind: 'Deployment', name: scene.name } },
  })
  await database.db.connection.update({
    where: { id: connectionId },
    data: {
      adapter: 'kubernetes',
      encryptedConfig: sealConfig(connectionId, { kubeconfig: kubeconfigFor(standIn.url) }),
    },
  })
  scene.clock.advance(1_000)
  await observeTargets({ ctx: scene.system })
  return () => standIn.close()
})

async function approved(toReplicas: number): Promise<string> {
  const proposal = await scene.propose(toReplicas)
  const { id } = await approve({ ctx: await scene.person('operator'), input: seenOf(proposal) })
  scene.afterHold()
  return id
}
const run = (decisionId: string) => runDispatch({ ctx: scene.system, input: { decisionId } })
const outcomes = async (decisionId: string) => {
  const view = await getDispatch({ ctx: scene.system, input: { decisionId } })
  return view?.receipts.map(({ step, outcome }) => `${step}: ${outcome}`)
}

test('a Deployment is scaled once by its scale subresource and verified when its replicas are ready', async () => {
  const decisionId = await approved(10)
  expect(await run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
  expect(object).toMatchObject({ replicas: 10, generation: 2 })
  standIn.markReady(at, 10)
  scene.clock.advance(2_000)
  expect(await run(decisionId)).toEqual({ kind: 'ran', state: 'verified' })
  expect(object.generation).toBe(2)
})

test('status updates between approval, rehearsal and write void nothing and conflict with nothing', async () => {
  const decisionId = await approved(10)
  standIn.markReady(at, 5)
  let updates = 2
  standIn.delayMs = (step) => {
    if (step === 'write' && updates-- > 0) standIn.markReady(at, 6)
    return 0
  }
  expect(await run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
  expect(object).toMatchObject({ replicas: 10, generation: 2 })
  expect(await outcomes(decisionId)).toEqual(expect.arrayContaining(['apply: conflict', 'apply: applied']))
})

test('a Deployment that somebody else scaled in the meantime is left to them', async () => {
  const decisionId = await approved(10)
  standIn.delayMs = (step) => {
    if (step === 'write') standIn.scaleByOther(at, 3)
    return 0
  }
  expect(await run(decisionId)).toEqual({ kind: 'ran', state: 'failed' })
  expect(object).toMatchObject({ replicas: 3, generation: 2 })
})

test('a Deployment that was deleted and made again is not the one that was approved', async () => {
  const decisionId = await approved(10)
  object = standIn.add(at, 6)
  expect(await run(decisionId)).toEqual({ kind: 'ran', state: 'void' })
  expect(object).toMatchObject({ replicas: 6, generation: 1 })
})

test('a Deployment that an autoscaler took meanwhile is neither approved nor written', async () => {
  const operator = await scene.person('operator')
  const decisionId = await approved(9)
  standIn.put('autoscaling/v2/namespaces/models/horizontalpodautoscalers/chat', {
    ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
    metadata: { name: 'chat', namespace: 'models' },
    spec: { minReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: scene.name } },
  })
  expect(await run(decisionId)).toEqual({ kind: 'ran', state: 'failed' })
  scene.clock.advance(1_000)
  await observeTargets({ ctx: scene.system })
  const listed = (await listTargets({ ctx: operator })).find(({ id }) => id === scene.targetId)
  expect(listed?.ownership).toMatchObject({
    verdict: 'hand-over',
    handOverTo: { kind: 'HorizontalPodAutoscaler', namespace: 'models', name: 'chat' },
  })
  const again = approve({ ctx: operator, input: seenOf(await scene.propose(10)) })
  await expect(again).rejects.toThrow(/not ours to write: The HorizontalPodAutoscaler "chat" decides/)
  expect(object).toMatchObject({ replicas: 6, generation: 1, writes: 0 })
})

test('what a cluster has is found, with what it seems to hold, and mapped in one go or not at all', async () => {
  const { db } = database
  const admin = await scene.person('admin')
  const { connectionId } = await db.target.findUniqueOrThrow({ where: { id: scene.targetId } })
  const { workloadId, offeringId } = await db.pool.findFirstOrThrow({ where: { targetId: scene.targetId } })
  const workload = await db.workload.findUniqueOrThrow({ where: { id: workloadId } })
  const names = [1, 2].map((each) => `${workload.name}-part-${each}`)
  for (const name of names) standIn.add(`models/statefulsets/${name}`, 2)
  standIn.put('batch/v1/namespaces/other/jobs/train', {
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'train', namespace: 'other' } },
    spec: { suspend: false },
  })
  const look = (namespace: string | null = null) =>
    discoverTargets({ ctx: admin, input: { connectionId, namespace } })
  const { found, unreadable } = await look()
  expect(unreadable).toEqual([])
  expect(found.map(({ label }) => label).toSorted()).toEqual(
    [
      `models/Deployment/${scene.name}`,
      ...names.map((name) => `models/StatefulSet/${name}`),
      'other/Job/train',
    ].toSorted(),
  )
  expect((await look('other')).found).toMatchObject([
    { label: 'other/Job/train', controls: ['run'], desired: 1 },
  ])
  expect(found.find(({ kind }) => kind === 'Deployment')?.targetName).not.toBeNull()
  const parts = found.filter(({ kind }) => kind === 'StatefulSet')

  const pool = { workloadId, offeringId, capacityPerReplica: 4, control: 'replicas' as const }
  const map = (ctx = admin, last = parts[1]?.ref ?? {}) =>
    mapTargets({
      ctx,
      input: {
        connectionId,
        targets: [parts[0]?.ref ?? {}, last].map((ref) => ({ name: `${scene.name}/${ref.name}`, ref, pool })),
      },
    })
  await expect(map(await scene.person('operator'))).rejects.toMatchObject({ code: 'forbidden' })
  const nothing = { namespace: 'models', kind: 'StatefulSet', name: 'nothing' }
  await expect(map(admin, nothing)).rejects.toThrow(/models\/StatefulSet\/nothing/)
  const notItsNumber = mapTargets({
    ctx: admin,
    input: {
      connectionId,
      targets: [{ name: 'x', ref: parts[0]?.ref ?? {}, pool: { ...pool, control: 'run' } }],
    },
  })
  await expect(notItsNumber).rejects.toThrow(/its running cannot be set through this target/)
  expect(await db.target.count({ where: { connectionId } })).toBe(1)
  expect(await map()).toEqual({ mapped: 2 })
  expect(await db.pool.count({ where: { workloadId, target: { connectionId } } })).toBe(3)
  expect((await look()).found.filter(({ targetName }) => targetName !== null)).toHaveLength(3)
})
