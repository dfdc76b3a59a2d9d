import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
    if (method !== 'GET') expect((await call('auditor', method, address, body)).status).toBe(403)
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
