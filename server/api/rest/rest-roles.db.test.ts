import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../kernel/context.ts'
import { ServiceError } from '../../kernel/errors.ts'
import { type Role, roles, type Scope, scopes } from '../../kernel/roles.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
} from '../../runtime/testing/index.ts'
import { receiveRemoteWrite } from '../../telemetry/index.ts'
import type { RequestContext } from '../request-context.ts'
import { dispatch } from './dispatch.ts'
import { routes } from './routes.ts'

type Rule = { roles: readonly Role[]; scope: Scope }

const read: Rule = { roles: ['operator', 'admin', 'auditor'], scope: 'read' }
const decide: Rule = { roles: ['operator'], scope: 'decide' }
const plan: Rule = { roles: ['operator', 'admin'], scope: 'decide' }
const administer: Rule = { roles: ['admin'], scope: 'administer' }
const exports: Rule = { roles: ['admin', 'auditor'], scope: 'read' }

/** What is no reading, and who may: written down a second time, apart from the code. What is not named here is read by all. */
const expected: Record<string, Rule> = {
  'POST /workloads': administer,
  'PATCH /workloads/{id}': administer,
  'PUT /workloads/{id}/policy': administer,
  'POST /events': plan,
  'PATCH /events/{id}': plan,
  'POST /events/{id}/cancel': plan,
  'PUT /workloads/{id}/forecaster': administer,
  'DELETE /workloads/{id}/forecaster': administer,
  'POST /workloads/{id}/forecaster/test': administer,
  'POST /mappings': administer,
  'DELETE /mappings/{id}': administer,
  'POST /connections': administer,
  'PUT /connections/{id}/settings': administer,
  'POST /connections/{id}/check': administer,
  'DELETE /connections/{id}': administer,
  'DELETE /targets/{id}': administer,
  'POST /domains': administer,
  'PATCH /domains/{id}': administer,
  'POST /offerings': administer,
  'PATCH /offerings/{id}': administer,
  'GET /proposals/{id}/override-preview': decide,
  'POST /proposals/{id}/approve': decide,
  'POST /proposals/{id}/override': decide,
  'POST /proposals/{id}/reject': decide,
  'POST /proposals/{id}/rollback': decide,
  'POST /proposals/{id}/snooze': decide,
  'POST /proposals/decide': decide,
  'PUT /rules/draft': administer,
  'POST /rules/publish': administer,
  'PUT /policy-engine': administer,
  'POST /policy-engine/remove': administer,
  'POST /policy-engine/test': administer,
  'POST /decisions/{id}/undo': decide,
  'POST /audit/verify': exports,
  'POST /audit/witnesses': administer,
  'DELETE /audit/witnesses/{id}': administer,
  'GET /audit/export': exports,
  'GET /audit/entries/export': exports,
}

let database: TestDatabase
const people = new Map<string, Extract<Actor, { kind: 'user' }>>()
beforeAll(async () => {
  database = await createTestDatabase()
  people.set('none', await createTestPerson(database.db))
  for (const role of roles) people.set(role, await createTestPerson(database.db, role))
})
afterAll(() => database.dispose())

function person(name: string): Extract<Actor, { kind: 'user' }> {
  const found = people.get(name)
  if (!found) throw new Error(`nobody is called ${name}`)
  return found
}

function keyOf(role: Role, scope: Scope): Actor {
  const { userId, email, roles: held } = person(role)
  return { kind: 'api_key', keyId: userId, keyName: 'test', userId, email, roles: held, scopes: [scope] }
}

const contextOf = (actor: Actor): RequestContext => ({
  ...testContext({ db: database.db, actor }),
  reauthenticate: async () => actor,
  changes: async function* () {},
  auditKeyFile: '',
  publicUrl: 'http://127.0.0.1',
  sandbox: null,
})

/** What the gate says: `allowed` is anything that comes from behind it, such as a complaint about the input. */
async function gate(work: () => Promise<unknown>): Promise<'allowed' | 'forbidden' | 'unauthenticated'> {
  try {
    await work()
    return 'allowed'
  } catch (error) {
    const code = error instanceof ServiceError ? error.code : null
    return code === 'forbidden' || code === 'unauthenticated' ? code : 'allowed'
  }
}

/** Asked with a query and a body that no route takes, so that nothing is done behind the gate. */
function ask(actor: Actor, method: string, path: string) {
  const url = `http://127.0.0.1/api/v1${path.replaceAll(/\{\w+\}/g, 'x')}?no=such`
  const body = method === 'GET' || method === 'DELETE' ? undefined : '{"not": "an input"}'
  const headers: HeadersInit = body ? { 'content-type': 'application/json' } : {}
  return gate(() => dispatch(contextOf(actor), new Request(url, { method, body, headers })))
}

async function holds(rule: Rule, of: (actor: Actor) => Promise<string>): Promise<void> {
  expect(await of({ kind: 'anonymous' })).toBe('unauthenticated')
  expect(await of(person('none'))).toBe('forbidden')
  for (const role of roles) {
    const may = rule.roles.includes(role)
    expect(await of(person(role)), role).toBe(may ? 'allowed' : 'forbidden')
    for (const scope of scopes) {
      const passes = may && scope === rule.scope
      expect(await of(keyOf(role, scope)), `${role} with ${scope}`).toBe(passes ? 'allowed' : 'forbidden')
    }
  }
}

test('every entry of the table has its route, and whatever is no GET has its entry', () => {
  const names = routes.map(({ method, path }) => `${method} ${path}`)
  expect(Object.keys(expected).filter((name) => !names.includes(name))).toEqual([])
  expect(names.filter((name) => !name.startsWith('GET ') && !expected[name])).toEqual([])
})

test.each(routes.map(({ method, path }) => `${method} ${path}`))('%s', async (name) => {
  const [method = '', path = ''] = name.split(' ')
  await holds(expected[name] ?? read, (actor) => ask(actor, method, path))
})

test('POST /write', async () => {
  const request = () => new Request('http://127.0.0.1/api/v1/write', { method: 'POST', body: 'x' })
  await holds({ roles: ['operator', 'admin'], scope: 'telemetry:write' }, (actor) =>
    gate(() => receiveRemoteWrite(contextOf(actor), request())),
  )
})
