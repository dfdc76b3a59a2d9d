import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../kernel/context.ts'
import { keyRing, seal, sealedPrefix, unseal } from '../kernel/secretbox.ts'
import { reseal, sealedColumns } from './reseal.ts'
import { createTestDatabase, createTestPerson, type TestDatabase, testContext } from './testing/index.ts'

const old = keyRing(randomBytes(32))
const both = keyRing(randomBytes(32), [old.sealing.key])
const ownerOf = (id: string) => `connection/${id}`

let database: TestDatabase
let ctx: Context
beforeAll(async () => {
  database = await createTestDatabase()
  ctx = testContext({ db: database.db })
})
afterAll(() => database.dispose())

async function addConnections(count: number, keys = old): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID())
  await database.db.connection.createMany({
    data: ids.map((id) => ({
      ...{ id, name: id, adapter: 'sandbox' as const, createdAt: new Date() },
      encryptedConfig: seal(`settings of ${id}`, ownerOf(id), keys),
    })),
  })
  return ids
}

const connections = (results: Awaited<ReturnType<typeof reseal>>) =>
  results.find(({ table }) => table === 'Connection')

test('every sealed column of the schema is known', () => {
  const folder = path.resolve(import.meta.dirname, '../../prisma')
  const files = readdirSync(folder).filter((file) => file.endsWith('.prisma'))
  const found = files.flatMap((file) => {
    let model = ''
    return readFileSync(path.join(folder, file), 'utf8')
      .split('\n')
      .flatMap((line) => {
        model = /^model (\w+)/.exec(line)?.[1] ?? model
        const column = /^ {2}(encrypted\w+|secret) /.exec(line)?.[1]
        return column ? [`${model}.${column}`] : []
      })
  })
  expect(sealedColumns.map(({ table, column }) => `${table}.${column}`).sort()).toEqual(found.sort())
})

test('what old keys sealed is sealed anew, batch by batch, each in the log, and opens under the new key alone', async () => {
  const ids = await addConnections(230)
  expect(connections(await reseal(ctx, both))).toEqual({
    ...{ table: 'Connection', current: 230, resealed: 230, unopened: [] },
  })
  const alone = keyRing(both.sealing.key)
  for (const { id, encryptedConfig } of await database.db.connection.findMany()) {
    expect(unseal(encryptedConfig, ownerOf(id), alone)).toBe(`settings of ${id}`)
  }
  const entries = await database.db.auditEntry.findMany({ where: { action: 'secrets.resealed' } })
  expect(entries.map(({ canonical }) => JSON.parse(canonical).body.rows)).toEqual([100, 100, 30])
  expect(entries.map(({ canonical }) => canonical).join()).not.toContain('settings of')
  expect(connections(await reseal(ctx, both))).toMatchObject({ current: 230, resealed: 0 })
  await database.db.connection.deleteMany({ where: { id: { in: ids } } })
})

test('broken off, it goes on where it was', async () => {
  const ids = await addConnections(150)
  let transactions = 0
  const db = new Proxy(database.db, {
    get: (target, key, receiver) => {
      if (key === '$transaction' && ++transactions > 2) throw new Error('killed')
      return Reflect.get(target, key, receiver)
    },
  })
  await expect(reseal({ ...ctx, db }, both)).rejects.toThrow('killed')
  const current = { encryptedConfig: { startsWith: sealedPrefix(both) } }
  expect(await database.db.connection.count({ where: current })).toBe(100)
  expect(connections(await reseal(ctx, both))).toMatchObject({ current: 150, resealed: 50 })
  await database.db.connection.deleteMany({ where: { id: { in: ids } } })
})

test('what no key opens is named and left as it is, and the rest goes on', async () => {
  const lost = await addConnections(2, keyRing(randomBytes(32)))
  const ids = await addConnections(3)
  const result = connections(await reseal(ctx, both))
  expect(result).toMatchObject({ current: 3, resealed: 3 })
  expect(result?.unopened.toSorted()).toEqual(lost.toSorted())
  await database.db.connection.deleteMany({ where: { id: { in: [...ids, ...lost] } } })
})

test('it is the system’s alone', async () => {
  const person = await createTestPerson(database.db, 'admin')
  await expect(reseal({ ...ctx, actor: person }, both)).rejects.toThrow(/the system itself/)
})
