import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../kernel/clock.ts'
import { applicationConnection } from '../kernel/db.ts'
import { workerConnectionName } from '../kernel/worker-liveness.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
} from '../runtime/testing/index.ts'
import { createWorkload } from '../telemetry/index.ts'
import { readOverview } from './overview.ts'
import { readStatus } from './status.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const system = () => testContext({ db: database.db, clock: systemClock })

test('before anything is declared both say so, and fail nobody', async () => {
  const own = await createTestDatabase()
  const ctx = testContext({
    db: own.db,
    clock: systemClock,
    actor: await createTestPerson(own.db, 'auditor'),
  })
  expect(await readOverview({ ctx })).toMatchObject({
    workloads: [],
    inbox: { count: 0, top: [] },
    spend: { perHourUsd: 0, limitPerHourUsd: 0 },
  })
  expect(await readStatus({ ctx })).toMatchObject({
    sandbox: false,
    waiting: 0,
    telemetry: { workloads: 0, stale: 0, newestSampleAt: null },
    log: { ok: true },
    dispatch: { alive: false },
    delivery: { real: [], unread: [], stuck: [], deadLetters: 0 },
  })
  await own.dispose()
})

test('a workload without samples, forecast, policy or target is shown with what is missing', async () => {
  const workload = await createWorkload({
    ctx: system(),
    input: {
      name: 'chat-llm',
      title: 'Chat',
      kind: 'inference',
      environment: 'production',
      team: 'ml',
      dataClassification: 'internal',
      requiredSecurityTier: 1,
      stepSeconds: 60,
      demandSignal: 'requests_per_second',
      objectiveP99Ms: 800,
      sandbox: true,
    },
  })
  const { workloads } = await readOverview({ ctx: system() })
  expect(workloads).toHaveLength(1)
  expect(workloads[0]).toMatchObject({
    workload: { id: workload.id },
    freshness: { stale: true, lastSampleAt: null },
    policy: null,
    capacity: null,
    costPerHourUsd: null,
    unit: 'req/s',
    forecast: null,
    waiting: null,
  })
  expect(await readStatus({ ctx: system() })).toMatchObject({
    sandbox: true,
    telemetry: { workloads: 1, stale: 1 },
  })
})

test('dispatch is alive while a worker is connected, and not after', async () => {
  const connection = { ...applicationConnection(database.appUrl), application_name: workerConnectionName }
  const worker = new Client(connection)
  await worker.connect()
  await worker.query('SELECT 1')
  expect((await readStatus({ ctx: system() })).dispatch.alive).toBe(true)
  await worker.end()
  await expect.poll(async () => (await readStatus({ ctx: system() })).dispatch.alive).toBe(false)
})

test('what is real, and what of it does not answer, is part of the state; a connection without targets is not', async () => {
  const createdAt = new Date()
  const connection = (name: string, targets: { id: string; name: string }[]) =>
    database.db.connection.create({
      data: {
        ...{ id: randomUUID(), name, adapter: 'kubernetes', encryptedConfig: '', createdAt },
        targets: { create: targets.map((target) => ({ ...target, ref: {}, createdAt })) },
        gate: { create: { refilledAt: createdAt, openUntil: createdAt } },
      },
    })
  await connection('cluster-eu', [{ id: randomUUID(), name: 'chat' }])
  await connection('unused', [])
  expect((await readStatus({ ctx: system() })).delivery).toEqual({
    real: ['cluster-eu'],
    unread: [{ name: 'cluster-eu', silent: true, readAt: null }],
    stuck: [],
    deadLetters: 0,
  })
})
