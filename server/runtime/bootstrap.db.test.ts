import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { authenticateApiKey, listApiKeys, setActive } from '../auth/index.ts'
import { listTargets, observeTargets } from '../dispatch/index.ts'
import { listPolicies } from '../governance/index.ts'
import { systemClock } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { listDomains, poolsOf } from '../plan/index.ts'
import { defaultScene, openSandbox } from '../sandbox/index.ts'
import { listMappings, listWorkloads } from '../telemetry/index.ts'
import { bootstrapSandbox, readSandboxAccess } from './bootstrap.ts'
import { createTestDatabase, createTestPerson, type TestDatabase, testContext } from './testing/index.ts'

const token = 'a-token-for-this-test'
let database: TestDatabase
let ctx: Context
let dataDir: string

beforeAll(async () => {
  database = await createTestDatabase()
  ctx = testContext({ db: database.db, clock: systemClock })
  await createTestPerson(database.db, 'auditor')
  await createTestPerson(database.db, 'operator')
})
afterAll(() => database.dispose())

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'infrasage-bootstrap-'))
  return () => rmSync(dataDir, { recursive: true, force: true })
})

const bootstrap = () => bootstrapSandbox(ctx, { dataDir, token, intakeUrl: 'http://127.0.0.1:3000' })
const auditEntries = () => database.db.auditEntry.count()

/** Lets `work` run while the targets of the last bootstrap answer. */
async function whileSandboxRuns<T>(work: () => Promise<T>): Promise<T> {
  const port = Number(new URL(readSandboxAccess(dataDir)?.url ?? '').port)
  const folder = path.join(dataDir, 'sandbox')
  const sandbox = await openSandbox({
    scene: defaultScene,
    folder,
    port,
    token,
    clock: systemClock,
    log: ctx.log,
  })
  try {
    return await work()
  } finally {
    sandbox.close()
  }
}

test('every workload has a policy, a target, a pool at an offering it may use, and mappings for all it sends', async () => {
  await bootstrap()
  const [workloads, targets, domains, policies, mappings] = await Promise.all([
    listWorkloads({ ctx }),
    listTargets({ ctx }),
    listDomains({ ctx }),
    listPolicies({ ctx }),
    listMappings({ ctx }),
  ])
  expect(workloads.map(({ name }) => name).sort()).toEqual([
    'chat-llm',
    'code-assist',
    'nightly-batch',
    'train-cluster',
  ])
  expect(workloads.every(({ sandbox }) => sandbox) && domains.every(({ sandbox }) => sandbox)).toBe(true)
  expect(new Set(domains.map(({ kind }) => kind))).toEqual(new Set(['on_premise', 'cloud', 'edge']))
  const mapped = new Set(mappings.map(({ signal }) => signal))
  for (const workload of workloads) {
    const policy = policies.find((row) => row.workload.id === workload.id)?.policy
    const target = targets.find(({ pool }) => pool?.workload.id === workload.id)
    const domain = domains.find(({ name }) => name === target?.pool?.domain.name)
    const offering = domain?.offerings.find(
      ({ hardwareClass, market }) =>
        hardwareClass === target?.pool?.offering.hardwareClass && market === target.pool.offering.market,
    )
    if (!policy || !domain || !offering) throw new Error(`${workload.name} is not complete`)
    expect(policy.allowedRegions).toContain(domain.region)
    expect(domain.securityTier).toBeGreaterThanOrEqual(workload.requiredSecurityTier)
    expect(offering.quotaReplicas).toBeGreaterThanOrEqual(policy.maxReplicas)
    const costAtMost = policy.maxReplicas * offering.pricePerReplicaHourUsd
    expect(policy.costLimitPerHourUsd).toBeGreaterThan(0.8 * costAtMost)
    expect(policy.costLimitPerHourUsd).toBeLessThan(1.2 * costAtMost)
    expect(mapped).toContain(workload.demandSignal)
  }
  await whileSandboxRuns(async () => {
    await observeTargets({ ctx })
    for (const { id, name } of workloads) {
      const { leading: capacity } = await poolsOf(database.db, id)
      expect(capacity?.readyReplicas, name).toBeGreaterThan(0)
      expect(capacity?.adapter).toBe('sandbox')
    }
  })
})

test('a second start changes nothing, and the key stays', async () => {
  const first = await bootstrap()
  const entries = await auditEntries()
  expect(await bootstrap()).toEqual(first)
  expect(await auditEntries()).toBe(entries)
})

test('the key opens the intake and nothing else', async () => {
  const { INFRASAGE_SANDBOX_API_KEY: key = '' } = await bootstrap()
  const actor = await authenticateApiKey(ctx, key)
  expect([actor.scopes, actor.roles]).toEqual([['telemetry:write'], ['operator']])
})

test('when the owner of the key has left, another takes over and the old key is revoked', async () => {
  const { INFRASAGE_SANDBOX_API_KEY: before = '' } = await bootstrap()
  const { userId } = await authenticateApiKey(ctx, before)
  const next = await createTestPerson(database.db, 'admin')
  await setActive({ ctx, input: { userId, active: false, reason: 'left' } })
  const { INFRASAGE_SANDBOX_API_KEY: after = '' } = await bootstrap()
  expect((await authenticateApiKey(ctx, after)).userId).toBe(next.userId)
  const active = (await listApiKeys({ ctx })).filter(({ state }) => state === 'active')
  expect(active).toHaveLength(1)
})

test('when the sandbox had to move to another port, dispatches find it there', async () => {
  const first = await bootstrap()
  await whileSandboxRuns(async () => {
    const second = await bootstrap()
    expect(second.INFRASAGE_SANDBOX_URL).not.toBe(first.INFRASAGE_SANDBOX_URL)
  })
  const [{ observedAt: before } = { observedAt: null }] = await database.db.pool.findMany()
  await whileSandboxRuns(() => observeTargets({ ctx }))
  const [{ observedAt: after } = { observedAt: null }] = await database.db.pool.findMany()
  expect(after?.getTime()).toBeGreaterThan(before?.getTime() ?? 0)
})
