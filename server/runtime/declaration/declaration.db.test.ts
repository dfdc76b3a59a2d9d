import { afterAll, beforeAll, expect, test } from 'vitest'
import { createConnection, listTargets } from '../../dispatch/index.ts'
import {
  type SandboxStandIn,
  standInToken,
  startSandboxStandIn,
} from '../../dispatch/testing/sandbox-stand-in.ts'
import { listRules, policyHistory } from '../../governance/index.ts'
import type { Context } from '../../kernel/context.ts'
import { listDomains, updateOffering } from '../../plan/index.ts'
import { listMappings, listWorkloads } from '../../telemetry/index.ts'
import { createTestDatabase, createTestPerson, type TestDatabase, testContext } from '../testing/index.ts'
import { applyChanges, compare, exportDeclaration, pending, readDeclaration } from './index.ts'
import { completeFile } from './testing/file.ts'

let database: TestDatabase
let standIn: SandboxStandIn
let ctx: Context

beforeAll(async () => {
  database = await createTestDatabase()
  standIn = await startSandboxStandIn()
  ctx = testContext({ db: database.db })
  const config = { url: standIn.url, token: standInToken }
  await createConnection({ ctx, input: { name: 'prod', adapter: 'sandbox', config } })
})
afterAll(async () => {
  await standIn.close()
  await database.dispose()
})

/** The complete file with names that only one test uses; its target answers. */
function fileOf(name: string): string {
  standIn.add(name, 3)
  return completeFile
    .replaceAll('chat', name)
    .replaceAll('vllm:', `${name}:`)
    .replaceAll(' ams\n', ` ${name}-ams\n`)
}
const look = (text: string) => compare(ctx, readDeclaration(text, 'infra.yaml'))
const auditActions = async () =>
  (await database.db.auditEntry.findMany({ orderBy: { seq: 'asc' } })).map(({ action }) => action)
const apply = async (text: string, reason = 'applied from infra.yaml') => {
  const { diff, current } = await look(text)
  await applyChanges(ctx, diff.changes, current, reason)
  return pending(diff).map(({ kind, entry }) => `${kind} ${entry.section}`)
}

test('one fault anywhere, such as a connection that is missing, and nothing changes', async () => {
  const before = await auditActions()
  const file = fileOf('unconnected').replace('connection: prod', 'connection: elsewhere')
  await expect(apply(file)).rejects.toMatchObject({
    message: 'infra.yaml has one fault; nothing was changed.',
    details: [
      { path: 'infra.yaml:3:17', message: expect.stringContaining('there is no connection "elsewhere"') },
    ],
  })
  expect(await auditActions()).toEqual(before)
})

test('a target that does not answer stops it, and applying again goes on from there', async () => {
  const extra = '  - { name: late, connection: prod, ref: { target: late } }\n'
  const file = fileOf('patient').replace('domains:\n', `${extra}domains:\n`)
  await expect(apply(file)).rejects.toThrow(
    /^target "late": .* 1 of 8 changes were made before and are kept; /,
  )
  const domains = await listDomains({ ctx })
  expect(domains.some(({ name }) => name === 'patient-ams')).toBe(false)
  standIn.add('late', 1)
  expect(await apply(file)).toHaveLength(7)
})

test('a file is applied, exported, and applied again without a change', async () => {
  const file = fileOf('steady')
  const before = await auditActions()
  await apply(file)
  const after = await auditActions()
  expect(after.slice(before.length)).toEqual([
    'target.created',
    'domain.created',
    'offering.created',
    'workload.created',
    'mapping.created',
    'policy.set',
    'pool.created',
  ])
  const target = (await listTargets({ ctx })).find(({ name }) => name === 'steady in prod')
  expect(target?.pool).toMatchObject({ workload: { name: 'steady' }, capacityPerReplica: 12 })

  const exported = await exportDeclaration({ ctx })
  expect(exported).not.toContain(standInToken)
  expect(await apply(exported)).toEqual([])
  expect(await apply(file)).toEqual([])
  expect(await exportDeclaration({ ctx })).toBe(exported)
  expect(await auditActions()).toEqual(after)
})

test('every changed field arrives by the verb of its stage, and the log has the old and the new', async () => {
  const first = fileOf('moving')
  await apply(first)
  const file = first
    .replace('title: Amsterdam', 'title: Amsterdam-Noord')
    .replace('pricePerReplicaHourUsd: 1.9', 'pricePerReplicaHourUsd: 2.4')
    .replace('title: Chat', 'title: Chat service')
    .replace('kind: counter', 'kind: counter\n    scale: 2')
    .replace('maxReplicas: 12', 'maxReplicas: 10')
    .replace('capacityPerReplica: 12', 'capacityPerReplica: 9')
  const before = await auditActions()
  expect(await apply(file, 'after the load test')).toHaveLength(6)
  expect((await auditActions()).slice(before.length)).toEqual([
    'domain.changed',
    'offering.changed',
    'workload.changed',
    'mapping.changed',
    'policy.set',
    'pool.changed',
  ])
  const workloadId = (await listWorkloads({ ctx })).find(({ name }) => name === 'moving')?.id ?? ''
  expect(await policyHistory({ ctx, input: { workloadId } })).toMatchObject([
    { version: 2, maxReplicas: 10, reason: 'after the load test' },
    { version: 1, maxReplicas: 12, reason: 'applied from infra.yaml' },
  ])
  const entry = await database.db.auditEntry.findFirst({ where: { action: 'pool.changed' } })
  expect(JSON.parse(entry?.canonical ?? '').body).toMatchObject({
    from: { capacityPerReplica: 12 },
    change: { capacityPerReplica: 9 },
  })
  const mapping = (await listMappings({ ctx })).find(({ metric }) => metric.startsWith('moving:'))
  expect(mapping?.scale).toBe(2)
  expect(await apply(file)).toEqual([])
})

test('what may change keeps the rules of what is created', async () => {
  await apply(fileOf('bounded'))
  const offering = (await listDomains({ ctx })).find(({ name }) => name === 'bounded-ams')?.offerings[0]
  const id = offering?.id ?? ''
  await expect(updateOffering({ ctx, input: { id, leadTimeP50Seconds: 500 } })).rejects.toThrow(
    'the median lead time must not exceed its 90% quantile',
  )
  const auditor = { ...ctx, actor: await createTestPerson(database.db, 'auditor') }
  await expect(updateOffering({ ctx: auditor, input: { id, quotaReplicas: 1 } })).rejects.toThrow(
    '"catalog.manage" is for the role admin',
  )
  await updateOffering({ ctx, input: { id, quotaReplicas: 5 } })
  const after = (await listDomains({ ctx })).find(({ name }) => name === 'bounded-ams')?.offerings[0]
  expect(after).toEqual({ ...offering, quotaReplicas: 5 })
})

test('profiles, latencies, serverless terms and how a replica serves travel through a file and back', async () => {
  const hours = Array.from({ length: 24 }, (_, hour) => 200 + hour)
  const file = fileOf('hourly')
    .replace(
      '    carbonGPerKwh: 268\n',
      `    carbonGPerKwh: 212\n    carbonProfileGPerKwh: [${hours}]\n    userLatencyMs: { Europe: 12, America: 95 }\n`,
    )
    .replace(
      'quotaReplicas: 20\n',
      'quotaReplicas: 20\n        kind: serverless\n        pricePerMillionRequestsUsd: 40\n' +
        '        coldStartSeconds: 20\n        concurrencyPerInstance: 4\n',
    )
    .replace('objectiveP99Ms: 800\n', 'objectiveP99Ms: 800\n    userShares: { Europe: 0.8, America: 0.2 }\n')
    .replace(
      'capacityPerReplica: 12\n',
      'capacityPerReplica: 12\n    serving: { kind: queue, serviceSeconds: 0.4 }\n',
    )
  await apply(file)
  expect((await listDomains({ ctx })).find(({ name }) => name === 'hourly-ams')).toMatchObject({
    carbonProfileGPerKwh: hours,
    userLatencyMs: { Europe: 12, America: 95 },
    offerings: [{ kind: 'serverless', coldStartSeconds: 20, priceProfileUsd: [] }],
  })
  expect(await apply(file)).toEqual([])
  expect(await apply(await exportDeclaration({ ctx }))).toEqual([])
  const plain = file.replace(/ {4}serving: .*\n/, '')
  expect(await apply(plain)).toEqual(['changed pools'])
  expect((await listTargets({ ctx })).find(({ name }) => name === 'hourly in prod')?.pool?.serving).toBeNull()
})

test('a profile of another length than a day and half a serverless offering are named', async () => {
  const file = fileOf('halved')
    .replace('carbonGPerKwh: 268\n', 'carbonGPerKwh: 268\n    carbonProfileGPerKwh: [1, 2, 3]\n')
    .replace('quotaReplicas: 20\n', 'quotaReplicas: 20\n        kind: serverless\n')
  await expect(async () => look(file)).rejects.toMatchObject({
    details: expect.arrayContaining([
      expect.objectContaining({ message: expect.stringContaining('24 values') }),
      expect.objectContaining({ message: expect.stringContaining('a serverless offering needs this') }),
    ]),
  })
})

test('rules of a file become one version, keep those it does not name, and come back out of an export', async () => {
  const rules = `rules:
  - name: eu-only
    kind: jurisdictions
    enforcement: hard-mandatory
    scope: { dataClassification: restricted }
    allowed: [EU]
  - name: weekend
    kind: freeze
    enforcement: soft-mandatory
    window: { repeat: weekly, days: [sat, sun], from: "00:00", to: "23:59", timeZone: Europe/Berlin }
`
  expect(await apply(rules)).toEqual(['created rules', 'created rules'])
  expect(await apply(rules)).toEqual([])
  expect(
    await apply('rules: [{ name: tier, kind: security-tier, enforcement: advisory, minimum: 2 }]'),
  ).toEqual(['created rules'])
  expect(await listRules({ ctx })).toMatchObject({
    version: 2,
    rules: [{ name: 'eu-only' }, { name: 'weekend' }, { name: 'tier' }],
  })
  const { diff } = await look(await exportDeclaration({ ctx }))
  expect(pending(diff)).toEqual([])
  await expect(apply(rules.replace('[EU]', '[]'))).rejects.toMatchObject({
    details: [{ path: 'infra.yaml:6:14', message: expect.stringContaining('name at least one') }],
  })
})
