import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createDb } from '../kernel/db.ts'
import { createLogger } from '../kernel/log.ts'
import { openQueue } from '../kernel/queue.ts'
import { workerLiveness } from '../kernel/worker-liveness.ts'
import { applyMigrations } from './migrator.ts'
import type {} from './testing/global-setup.ts'

const name = `outside_${randomUUID().slice(0, 8)}`
let url: string

async function asSuperuser(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: inject('testServer').superuserUrl })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  await asSuperuser(
    `CREATE ROLE ${name} LOGIN PASSWORD 'outside' CREATEROLE`,
    `GRANT infrasage_app TO ${name} WITH ADMIN OPTION`,
    `CREATE DATABASE ${name} OWNER ${name}`,
  )
  const address = new URL(inject('testServer').ownerUrl)
  Object.assign(address, { username: name, password: 'outside', pathname: `/${name}` })
  url = address.href
})

afterAll(() => asSuperuser(`DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${name}`))

test('a database of one’s own, entered as its owner, is migrated and then used as the application role', async () => {
  expect(await applyMigrations(url)).toContain('0001_init')
  const db = createDb(url)
  try {
    expect(await db.$queryRaw`SELECT current_user AS role`).toEqual([{ role: 'infrasage_app' }])
    expect(await db.user.count()).toBe(0)
    await expect(db.auditEntry.deleteMany()).rejects.toThrow(/denied/)
    await expect(db.$executeRaw`DROP TABLE "AuditEntry"`).rejects.toThrow(/must be owner/)
  } finally {
    await db.$disconnect()
  }
})

test('as docs/running.md makes it: one user owns the tables, another is the application', async () => {
  const guide = readFileSync(path.resolve(import.meta.dirname, '../../docs/running.md'), 'utf8')
  const [, sql = ''] = /```sql\n([^`]+)```/.exec(guide) ?? []
  // Roles belong to the server, where the first of them is already.
  const [application, ...rest] = sql.trim().split('\n')
  expect(application).toBe('CREATE ROLE infrasage_app NOLOGIN;')
  const documented = `${name}_documented`
  const own = (text: string) => text.replace(/infrasage(?!_app)/g, documented).replace('…', 'outside')
  await asSuperuser(...rest.map(own))
  const address = (user: string) => {
    const whole = new URL(url)
    Object.assign(whole, { username: own(user), pathname: `/${documented}` })
    return whole.href
  }
  const appUrl = address('infrasage')
  expect(await applyMigrations(address('infrasage_owner'), { appUrl })).toContain('0001_init')
  const queue = await openQueue(appUrl, createLogger('test'), true)
  const db = createDb(appUrl)
  try {
    await db.$transaction((tx) => queue.send(tx, 'observe', {}))
    await expect(db.$executeRaw`DROP TABLE "AuditEntry"`).rejects.toThrow(/must be owner/)
    expect(await workerLiveness(db)).toMatchObject({ alive: true })
  } finally {
    await queue.close()
    await db.$disconnect()
    await asSuperuser(
      `DROP DATABASE ${documented} WITH (FORCE)`,
      ...['', '_owner'].map((user) => `DROP ROLE ${documented}${user}`),
    )
  }
})

test('without the right to act as the application role, the error says what to grant', async () => {
  const stranger = `${name}_stranger`
  await asSuperuser(
    `CREATE ROLE ${stranger} LOGIN PASSWORD 'outside'`,
    `CREATE DATABASE ${stranger} OWNER ${stranger}`,
  )
  const address = new URL(url)
  Object.assign(address, { username: stranger, pathname: `/${stranger}` })
  await expect(applyMigrations(address.href)).rejects.toThrow(`GRANT infrasage_app TO "${stranger}"`)
  await asSuperuser(`DROP DATABASE ${stranger} WITH (FORCE)`, `DROP ROLE ${stranger}`)
})
