import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Context } from '../kernel/context.ts'
import { InvalidInputError } from '../kernel/errors.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { getPolicy, listPolicies, policyHistory, setPolicy } from './index.ts'
import { createScene, type Scene, scenePolicy } from './testing/scene.ts'

let database: TestDatabase
let scene: Scene
let admin: Context

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  scene = await createScene(database.db)
  admin = await scene.person('admin')
})

const set = (change: Partial<typeof scenePolicy>, basedOnVersion = 1, ctx = admin) =>
  setPolicy({
    ctx,
    input: {
      workloadId: scene.workloadId,
      values: { ...scenePolicy, ...change },
      basedOnVersion,
      reason: 'quarterly review',
    },
  })
const history = () => policyHistory({ ctx: admin, input: { workloadId: scene.workloadId } })

test('a change makes a new version, keeps the old one, and logs what changed', async () => {
  expect(await set({ maxReplicas: 30, allowedRegions: ['eu-west', 'eu-north'] })).toMatchObject({
    version: 2,
    maxReplicas: 30,
  })
  expect(await history()).toMatchObject([
    { version: 2, maxReplicas: 30, author: 'Test admin', reason: 'quarterly review' },
    { version: 1, maxReplicas: 40, author: 'system' },
  ])
  const entry = await database.db.auditEntry.findFirst({
    where: { subject: `workload/${scene.workloadId}` },
    orderBy: { seq: 'desc' },
  })
  expect(JSON.parse(entry?.canonical ?? '')).toMatchObject({
    action: 'policy.set',
    actor: admin.actor,
    body: {
      version: 2,
      reason: 'quarterly review',
      changes: [
        { field: 'maxReplicas', before: 40, after: 30 },
        { field: 'allowedRegions', before: ['eu-west'], after: ['eu-west', 'eu-north'] },
      ],
    },
  })
})

test('is refused when another version came into force since the admin looked', async () => {
  const results = await Promise.allSettled([10, 20, 30].map((maxReplicas) => set({ maxReplicas })))
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
  const [lost] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  expect(lost.message).toContain('Version 2 of the policy is in force, and you changed version 1')
  expect(await history()).toHaveLength(2)
})

test('is refused when it is not valid, changes nothing, or is of no workload', async () => {
  await expect(set({ minReplicas: 50 })).rejects.toThrow('the minimum must not exceed the maximum')
  await expect(set({ costLimitPerHourUsd: -1 })).rejects.toThrow(InvalidInputError)
  await expect(set({})).rejects.toThrow('Nothing differs')
  const input = { workloadId: crypto.randomUUID(), values: scenePolicy, basedOnVersion: 0, reason: 'first' }
  await expect(setPolicy({ ctx: admin, input })).rejects.toThrow('There is no workload')
  expect(await history()).toHaveLength(1)
})

test('is for admins', async () => {
  for (const role of ['operator', 'auditor'] as const) {
    await expect(set({ maxReplicas: 30 }, 1, await scene.person(role))).rejects.toThrow('policy.manage')
  }
})

test('no version can be changed or removed', async () => {
  const { db } = database
  await expect(db.workloadPolicy.updateMany({ data: { maxReplicas: 1 } })).rejects.toThrow('denied')
  await expect(db.workloadPolicy.deleteMany()).rejects.toThrow('denied')
})

test('every workload is listed with what is in force', async () => {
  await set({ maxReplicas: 30 })
  const bare = crypto.randomUUID()
  const {
    id: _,
    userShares: __,
    ...like
  } = await database.db.workload.findUniqueOrThrow({ where: { id: scene.workloadId } })
  await database.db.workload.create({ data: { ...like, id: bare, name: `bare-${bare}` } })
  const rows = await listPolicies({ ctx: await scene.person('auditor') })
  const of = (id: string) => rows.find((row) => row.workload.id === id)
  expect(of(scene.workloadId)?.policy).toMatchObject({ version: 2, maxReplicas: 30 })
  expect(of(bare)).toMatchObject({ policy: null })
  expect(await getPolicy({ ctx: admin, input: { workloadId: scene.workloadId } })).toMatchObject({
    version: 2,
  })
  await expect(getPolicy({ ctx: admin, input: { workloadId: bare } })).rejects.toThrow('There is no policy')
})
