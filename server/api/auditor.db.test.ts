import { TRPCError } from '@trpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { z } from 'zod'
import type { Actor } from '../kernel/context.ts'
import { scopes } from '../kernel/roles.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
} from '../runtime/testing/index.ts'
import type { RequestContext } from './request-context.ts'
import { dispatch } from './rest/dispatch.ts'
import { routes } from './rest/routes.ts'
import { appRouter } from './router.ts'
import { sampleOf } from './testing/sample.ts'
import { createCaller } from './trpc.ts'

/** What everybody may change in person, whatever the roles: how they themselves sign in, and what they themselves look at. */
const ownMatters = [
  'session.beginSecondFactor',
  'session.changePassword',
  'session.confirmSecondFactor',
  'session.end',
  'session.removeSecondFactor',
  'view.remove',
  'view.save',
]

type Procedure = { _def: { type: 'query' | 'mutation' | 'subscription'; inputs: z.ZodType[] } }
const mutations = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>).filter(
  ([, { _def }]) => _def.type === 'mutation',
)

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

function contextOf(actor: Actor): RequestContext {
  return {
    ...testContext({ db: database.db, actor }),
    reauthenticate: async () => actor,
    changes: async function* () {},
    auditKeyFile: '',
    publicUrl: 'http://127.0.0.1',
    sandbox: null,
  }
}

/** Every row of every table, as one hash for each table. */
async function everyRow(): Promise<Record<string, string>> {
  const tables = await database.db.$queryRaw<{ name: string }[]>`
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1`
  const parts = tables.map(
    ({ name }) =>
      `SELECT '${name}' AS name, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS hash FROM "${name}" t`,
  )
  const rows = await database.db.$queryRawUnsafe<{ name: string; hash: string }[]>(parts.join(' UNION ALL '))
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash]))
}

async function call(actor: Actor, path: string, input: unknown): Promise<string> {
  let at: unknown = createCaller(appRouter)(contextOf(actor))
  for (const part of path.split('.')) at = (at as Record<string, unknown>)[part]
  try {
    await (at as (input: unknown) => Promise<unknown>)(input)
    return 'done'
  } catch (error) {
    return error instanceof TRPCError ? error.code : String(error)
  }
}

const inputsOf = ({ _def }: Procedure): unknown[] => [
  ..._def.inputs.map((schema) => sampleOf(schema)),
  { not: 'an input' },
  undefined,
]

test('whatever an auditor calls, by session or by a key of every scope, no row of any table is another', async () => {
  const auditor = await createTestPerson(database.db, 'auditor')
  const { userId, email, roles } = auditor
  const key: Actor = {
    kind: 'api_key',
    keyId: userId,
    keyName: 'k',
    userId,
    email,
    roles,
    scopes: [...scopes],
  }
  const before = await everyRow()
  expect(Object.keys(before).length).toBeGreaterThan(40)
  for (const [path, procedure] of mutations) {
    for (const actor of [auditor, key]) {
      if (ownMatters.includes(path) && actor === auditor) continue
      for (const input of inputsOf(procedure)) expect(await call(actor, path, input), path).toBe('FORBIDDEN')
    }
  }
  for (const { method, path } of routes.filter((route) => route.method !== 'GET')) {
    const url = `http://127.0.0.1/api/v1${path.replaceAll(/\{\w+\}/g, userId)}`
    const request = () =>
      new Request(url, { method, body: '{}', headers: { 'content-type': 'application/json' } })
    for (const actor of [auditor, key]) {
      await expect(dispatch(contextOf(actor), request()), path).rejects.toMatchObject({ code: 'forbidden' })
    }
  }
  expect(await everyRow()).toEqual(before)
})

test('the same inputs do change rows for who may: the hashes would have told', async () => {
  const admin = await createTestPerson(database.db, 'admin')
  const before = await everyRow()
  const [, create] = mutations.find(([path]) => path === 'group.create') ?? []
  if (!create) throw new Error('there is no group.create')
  expect(await call(admin, 'group.create', inputsOf(create)[0])).toBe('done')
  const after = await everyRow()
  expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(['AuditEntry', 'Group'])
})

test('of what is their own an auditor changes nobody else’s', async () => {
  const { db } = database
  const auditor = await createTestPerson(db, 'auditor')
  await db.user.update({ where: { id: auditor.userId }, data: { passwordHash: null } })
  const other = await createTestPerson(db, 'operator')
  const others = async () => ({
    user: await db.user.findUnique({ where: { id: other.userId } }),
    sessions: await db.session.count({ where: { userId: other.userId, endedAt: null } }),
  })
  const before = await others()
  for (const path of ownMatters) {
    const procedure = mutations.find(([each]) => each === path)?.[1]
    expect(procedure, path).toBeDefined()
    if (procedure) for (const input of inputsOf(procedure)) await call(auditor, path, input)
  }
  expect(await others()).toEqual(before)
})
