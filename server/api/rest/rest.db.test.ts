import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { Actor } from '../../kernel/context.ts'
import type { Role } from '../../kernel/roles.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
} from '../../runtime/testing/index.ts'
import { toErrorResponse } from '../errors.ts'
import { dispatch } from './dispatch.ts'
import { openApiDocument } from './openapi.ts'
import { routes } from './routes.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const workload = {
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
}

async function call(
  role: Role | null,
  method: string,
  path: string,
  body?: unknown,
  type = 'application/json',
) {
  const actor: Actor = role ? await createTestPerson(database.db, role) : { kind: 'anonymous' }
  const ctx = {
    ...testContext({ db: database.db, actor }),
    reauthenticate: async () => actor,
    changes: async function* () {},
    auditKeyFile: '',
    publicUrl: '',
    sandbox: null,
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const headers: HeadersInit = body === undefined ? {} : { 'content-type': type }
  const request = new Request(`http://127.0.0.1/api/v1${path}`, { method, headers, body: text })
  const response = await dispatch(ctx, request).catch((error) => toErrorResponse(error, ctx))
  return { status: response.status, headers: response.headers, body: await response.json() }
}

test('a workload is declared, found, read and changed', async () => {
  const made = await call('admin', 'POST', '/workloads', workload)
  expect(made).toMatchObject({ status: 200, body: { name: 'chat-llm' } })
  const list = await call('auditor', 'GET', '/workloads')
  expect(list.body).toEqual([made.body])
  const changed = await call('admin', 'PATCH', `/workloads/${made.body.id}`, { title: 'Chat service' })
  expect(changed.body).toMatchObject({ id: made.body.id, title: 'Chat service' })
  const read = await call('operator', 'GET', `/workloads/${made.body.id}`)
  expect(read.body).toEqual(changed.body)
})

test('every route refuses nobody, and those that change something refuse an auditor', async () => {
  for (const { method, path } of routes) {
    const address = path.replace('{id}', randomUUID()).replace('{signal}', 'queue_depth')
    const body = method === 'GET' ? undefined : {}
    expect((await call(null, method, address, body)).status, `${method} ${path}`).toBe(401)
    // That the log be verified is for an auditor to ask, and changes nothing but that it was asked.
    if (method === 'GET' || path === '/audit/verify') continue
    expect((await call('auditor', method, address, body)).status, `${method} ${path}`).toBe(403)
  }
})

test('what is wrong is named: field, type, address, method', async () => {
  const wrong = await call('admin', 'POST', '/workloads', { ...workload, name: 'Not A Slug', extra: 1 })
  expect(wrong.status).toBe(400)
  expect(wrong.body.error.code).toBe('invalid_input')
  expect(wrong.body.error.details.map((detail: { path: string }) => detail.path)).toContain('name')
  expect((await call('admin', 'POST', '/workloads', '{"name":')).status).toBe(400)
  expect((await call('admin', 'POST', '/workloads', 'x', 'text/plain')).status).toBe(415)
  expect((await call('admin', 'GET', '/nowhere')).status).toBe(404)
  const method = await call('admin', 'DELETE', '/workloads')
  expect(method.status).toBe(405)
  expect(method.headers.get('allow')).toBe('GET, POST')
  expect((await call('admin', 'GET', `/workloads/${randomUUID()}`)).status).toBe(404)
})

test('a query is read as numbers and lists, and an unknown name in it is refused', async () => {
  expect((await call('operator', 'GET', '/proposals?state=waiting&state=approved&limit=5')).status).toBe(200)
  expect((await call('operator', 'GET', '/proposals?state=none')).status).toBe(400)
  expect((await call('operator', 'GET', '/proposals?limit=many')).status).toBe(400)
  const unknown = await call('operator', 'GET', '/decisions?colour=red')
  expect(unknown.status).toBe(400)
  expect(unknown.body.error.message).toContain('colour')
})

test('the OpenAPI document has every route, with the schemas that requests are held against', () => {
  const document = JSON.parse(JSON.stringify(openApiDocument()))
  expect(document.openapi).toBe('3.1.0')
  for (const { method, path } of routes) {
    expect(document.paths[path]?.[method.toLowerCase()], `${method} ${path}`).toBeDefined()
  }
  const approve = document.paths['/proposals/{id}/approve'].post
  const schema = approve.requestBody.content['application/json'].schema
  expect(schema.required).toEqual(['revision', 'contentHash'])
  expect(approve.parameters).toMatchObject([{ name: 'id', in: 'path', required: true }])
  const limit = document.paths['/decisions'].get.parameters.find(
    (each: { name: string }) => each.name === 'limit',
  )
  expect(limit).toMatchObject({ in: 'query', required: false })
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path as Record<string, { operationId: string }>).map(({ operationId }) => operationId),
  )
  expect(new Set(ids).size).toBe(ids.length)
})

test('what no database can hold is the caller’s fault, and is said so', async () => {
  const id = randomUUID()
  const bad = [
    '/workloads/%zz',
    '/decisions?beforeNumber=1000000000000000',
    '/decisions?from=0000-01-01T00:00:00Z',
    `/workloads/${id}/signals/queue_depth?from=0000-01-01T00:00:00Z&to=2026-01-01T00:00:00Z`,
    '/events?from=0000-01-01T00:00:00Z',
    '/audit/entries?from=0000-01-01T00:00:00Z',
  ]
  for (const path of bad) {
    const answer = await call('admin', 'GET', path)
    expect([path, answer.status]).toEqual([path, 400])
    expect(answer.body.error.message).not.toBe('')
  }
})

test('an event is planned, changed, listed for the workloads it touches, and cancelled once', async () => {
  const made = await call('admin', 'POST', '/workloads', { ...workload, name: 'events', team: 'apollo' })
  const other = await call('admin', 'POST', '/workloads', { ...workload, name: 'no-events' })
  const span = { startsAt: '2026-03-03T09:00:00Z', endsAt: '2026-03-03T17:00:00Z' }
  const event = { name: 'Launch', kind: 'launch', ...span, expectedFactor: 2.5 }
  const own = await call('operator', 'POST', '/events', { ...event, workloadId: made.body.id })
  expect(own).toMatchObject({ status: 200, body: { name: 'Launch', team: null, cancelledAt: null } })
  const teams = await call('operator', 'POST', '/events', { ...event, name: 'Training', team: 'apollo' })
  const all = await call('admin', 'POST', '/events', { ...event, name: 'Holiday', kind: 'holiday' })
  const names = async (id: string, query = '') =>
    (await call('auditor', 'GET', `/events?workloadId=${id}${query}`)).body.map(
      (row: { name: string }) => row.name,
    )
  expect((await names(made.body.id)).sort()).toEqual(['Holiday', 'Launch', 'Training'])
  expect(await names(other.body.id)).toEqual(['Holiday'])
  expect(await names(made.body.id, '&from=2026-03-03T17:00:00Z')).toEqual([])

  const later = { endsAt: '2026-03-03T18:00:00Z', expectedFactor: null }
  const moved = await call('operator', 'PATCH', `/events/${own.body.id}`, later)
  expect(moved.body).toMatchObject({ endsAt: '2026-03-03T18:00:00.000Z', expectedFactor: null })
  const early = await call('operator', 'PATCH', `/events/${own.body.id}`, { endsAt: span.startsAt })
  expect(early.body.error).toMatchObject({ code: 'invalid_input', details: [{ path: 'endsAt' }] })
  const cancel = () => call('operator', 'POST', `/events/${own.body.id}/cancel`, { reason: 'put off' })
  expect((await cancel()).status).toBe(200)
  expect((await cancel()).status).toBe(409)
  expect((await call('operator', 'PATCH', `/events/${own.body.id}`, later)).status).toBe(409)
  expect((await names(made.body.id)).sort()).toEqual(['Holiday', 'Training'])
  expect((await names(made.body.id, '&cancelled=with')).length).toBe(3)
  const actions = await database.db.auditEntry.findMany({
    where: { subject: `event/${own.body.id}` },
    orderBy: { seq: 'asc' },
  })
  expect(actions.map(({ action }) => action)).toEqual(['event.created', 'event.changed', 'event.cancelled'])
  for (const { body } of [teams, all]) await call('operator', 'POST', `/events/${body.id}/cancel`, {})
})

test.each([
  ['ends before it starts', { endsAt: '2026-03-03T08:00:00Z' }, /not after/],
  ['lasts too long', { endsAt: '2026-05-03T08:00:00Z' }, /at most 31 days/],
  ['is years away', { startsAt: '2029-03-03T09:00:00Z', endsAt: '2029-03-03T10:00:00Z' }, /within 400 days/],
  ['expects too much', { expectedFactor: 101 }, /at most 100 times/],
  ['is of two owners', { workloadId: randomUUID(), team: 'ml' }, /workloadId or team/],
  ['is of an unknown team', { team: 'nobody' }, /no workload of the team "nobody"/],
])('an event that %s is refused', async (_, change, why) => {
  const span = { startsAt: '2026-03-03T09:00:00Z', endsAt: '2026-03-03T17:00:00Z' }
  const { body } = await call('operator', 'POST', '/events', { name: 'E', kind: 'other', ...span, ...change })
  expect(body.error.message).toMatch(why)
})

test('garbage in what is planned, looked back on or plugged in gets an answer that says so', async () => {
  const { body } = await call('admin', 'POST', '/workloads', { ...workload, name: 'garbage' })
  const { id } = body
  const event = {
    ...{ workloadId: id, name: 'Launch', kind: 'launch', expectedFactor: 2 },
    ...{ startsAt: '2026-03-03T08:00:00Z', endsAt: '2026-03-03T20:00:00Z' },
  }
  const forecaster = { name: 'team-model', url: 'https://models.example.com/f' }
  // Another file of this process may have listed loopback.
  vi.stubEnv('INFRASAGE_PRIVATE_HOSTS', '')
  onTestFinished(() => void vi.unstubAllEnvs())
  const wrong: [string, object][] = [
    ...[1e308, 0, -1, '2', 0.009].map((expectedFactor): [string, object] => ['/events', { expectedFactor }]),
    ...['0000-01-01T00:00:00Z', '+275760-09-13T00:00:00Z', '9999-12-31T23:59:59Z', '2026-03-04T08:00:00Z']
      .concat(['0001-01-01T00:00:00Z', '2026-02-30T00:00:00Z', 'x'.repeat(100_000)])
      .map((startsAt): [string, object] => ['/events', { startsAt }]),
    ['/events', { endsAt: '2036-03-03T08:00:00Z' }],
    ['/events', { endsAt: event.startsAt }],
    ...['', 'x'.repeat(101), 'a\0b', '\ud800'].map((name): [string, object] => ['/events', { name }]),
    ['/events', { workloadId: 'no-id' }],
    ['/events', { workloadId: randomUUID() }],
    ['/events', { team: 'ml' }],
    ['/events', { workloadId: null, team: 'nobody' }],
    ...['javascript:1', 'http://a:b@example.com/', 'http://[::1', 'http://0x7f.1/', 'https://x.example/\0']
      .concat([`https://x.example/${'x'.repeat(2_000)}`, '//x.example', 'http://x.example:99999/'])
      .map((url): [string, object] => [`/workloads/${id}/forecaster`, { url }]),
    [`/workloads/${id}/forecaster`, { name: 'drift' }],
    [`/workloads/${id}/forecaster`, { name: '__proto__' }],
    [`/workloads/${id}/forecaster`, { secretHeader: 'Host', secret: 'x' }],
    [`/workloads/${id}/forecaster`, { secretHeader: 'X-Key', secret: 'a\r\nb: c' }],
    [`/workloads/${id}/forecaster`, { secretHeader: 'X-Key' }],
    [`/workloads/${id}/forecaster`, { timeoutMs: 1e9 }],
    [`/workloads/${id}/forecaster`, { windowSteps: 0.5 }],
    [`/workloads/${randomUUID()}/forecaster`, {}],
  ]
  for (const [path, change] of wrong) {
    const body = path === '/events' ? { ...event, ...change } : { ...forecaster, ...change }
    const answer = await call('admin', path === '/events' ? 'POST' : 'PUT', path, body)
    const what = `${path} ${JSON.stringify(change).slice(0, 80)}: ${JSON.stringify(answer.body).slice(0, 200)}`
    expect([400, 404], what).toContain(answer.status)
  }
  const asked: [string, number][] = [
    [`/workloads/${id}/forecast/review?at=0000-01-01T00:00:00Z`, 400],
    [`/workloads/${id}/forecast/review?at=9999-12-31T23:59:59.999999999Z`, 200],
    [`/workloads/${id}/forecast/review?at=yesterday`, 400],
    [`/workloads/${id}/forecast/review`, 400],
    [`/workloads/no-id/forecast/review?at=2026-03-03T08:00:00Z`, 400],
    [`/events?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z`, 200],
    [`/events?workloadId=${randomUUID()}`, 404],
    [`/events?cancelled=maybe`, 400],
    [`/forecasts/${randomUUID()}/reproduction`, 404],
    [`/forecasts/1/reproduction`, 400],
  ]
  for (const [path, status] of asked) expect((await call('auditor', 'GET', path)).status, path).toBe(status)
})
