import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Context } from '../kernel/context.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
} from '../runtime/testing/index.ts'
import {
  checkConnection,
  createConnection,
  createTarget,
  listTargets,
  observeTargets,
  removeConnection,
  removeTarget,
} from './index.ts'
import { freeUrl } from './testing/free-url.ts'
import { type SandboxStandIn, standInToken, startSandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene } from './testing/scene.ts'

let database: TestDatabase
let standIn: SandboxStandIn
let admin: Context
let made = 0

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  standIn = await startSandboxStandIn()
  admin = testContext({ db: database.db, actor: await createTestPerson(database.db, 'admin') })
  return () => standIn.close()
})

const connect = (config = { url: standIn.url, token: standInToken }, ctx = admin) =>
  createConnection({ ctx, input: { name: `cloud-${++made}`, adapter: 'sandbox', config } })

async function everythingStored(): Promise<string> {
  const rows = await database.db.connection.findMany()
  const entries = await database.db.auditEntry.findMany()
  return JSON.stringify([rows, entries.map(({ canonical }) => canonical)])
}

test('a connection that works is kept, encrypted and logged, and its token stands nowhere', async () => {
  const { id } = await connect()
  const row = await database.db.connection.findUniqueOrThrow({ where: { id } })
  expect(row).toMatchObject({ adapter: 'sandbox', lastError: null })
  expect(await database.db.auditEntry.count({ where: { subject: `connection/${id}` } })).toBe(1)
  expect(await everythingStored()).not.toContain(standInToken)
})

test('one that does not work, or is malformed, is refused in words and not kept', async () => {
  const before = await database.db.connection.count()
  await expect(connect({ url: standIn.url, token: 'not-the-token' })).rejects.toMatchObject({
    code: 'forbidden',
  })
  await expect(connect({ url: await freeUrl(), token: standInToken })).rejects.toMatchObject({
    code: 'unavailable',
  })
  await expect(connect({ url: 'nowhere', token: standInToken })).rejects.toMatchObject({
    code: 'invalid_input',
    details: [expect.objectContaining({ path: 'url' })],
  })
  expect(await database.db.connection.count()).toBe(before)
  expect(await everythingStored()).not.toContain('not-the-token')
})

test('a name is given once, and only by an admin', async () => {
  const { id } = await connect()
  const { name } = await database.db.connection.findUniqueOrThrow({ where: { id } })
  const config = { url: standIn.url, token: standInToken }
  const again = createConnection({ ctx: admin, input: { name, adapter: 'sandbox', config } })
  await expect(again).rejects.toMatchObject({ code: 'conflict' })
  for (const role of ['operator', 'auditor'] as const) {
    const ctx = testContext({ db: database.db, actor: await createTestPerson(database.db, role) })
    await expect(connect(config, ctx)).rejects.toMatchObject({ code: 'forbidden' })
  }
})

test('a check says what is wrong now, keeps it, and clears it when all is well again', async () => {
  const { id: connectionId } = await connect()
  const check = () => checkConnection({ ctx: admin, input: { connectionId } })
  expect(await check()).toMatchObject({ ok: true, message: expect.stringContaining('Works') })
  standIn.faults.push({
    on: 'read',
    effect: false,
    answer: { status: 503, body: { message: 'closed for lunch' } },
  })
  expect(await check()).toMatchObject({ ok: false, message: expect.stringContaining('closed for lunch') })
  const row = () => database.db.connection.findUniqueOrThrow({ where: { id: connectionId } })
  expect((await row()).lastError).toContain('closed for lunch')
  await check()
  expect((await row()).lastError).toBeNull()
})

test('settings that do not open under this key are a failed check, not a crash', async () => {
  const { id: connectionId } = await connect()
  const other = await connect()
  const { encryptedConfig } = await database.db.connection.findUniqueOrThrow({ where: { id: other.id } })
  await database.db.connection.update({ where: { id: connectionId }, data: { encryptedConfig } })
  const result = await checkConnection({ ctx: admin, input: { connectionId } })
  expect(result).toMatchObject({ ok: false, message: expect.stringContaining('cannot be opened') })
})

test('a target is kept once it was read and would take a write; the real thing only once', async () => {
  const { id: connectionId } = await connect()
  const { version } = standIn.add('chat', 4)
  const create = (name: string, target = 'chat') =>
    createTarget({ ctx: admin, input: { name, connectionId, ref: { target } } })
  const name = `Chat ${++made}`
  const { id } = await create(name)
  expect(standIn.target('chat')).toMatchObject({ desiredReplicas: 4, version, effects: 0 })
  expect(standIn.arrived).toMatchObject({ 'dry-run': 1, write: 0 })
  await expect(create('another name')).rejects.toThrow(new RegExp(`target of chat, "${name}", already`))
  await expect(create(name, 'other')).rejects.toMatchObject({ code: 'not_found' })
  await expect(create('no such', 'nothing')).rejects.toMatchObject({ code: 'not_found' })
  const wrongRef = createTarget({ ctx: admin, input: { name: 'x', connectionId, ref: { namespace: 'a' } } })
  await expect(wrongRef).rejects.toThrow(/reference of the sandbox target is not valid/)

  const listed = (await listTargets({ ctx: admin })).find((target) => target.id === id)
  expect(listed).toMatchObject({ name, adapter: 'sandbox', ref: { target: 'chat' }, pool: null })
})

test('a target that nothing hangs on is removed, then its connection, with the credentials; both are logged', async () => {
  const { id: connectionId } = await connect()
  standIn.add('mistyped', 4)
  const name = `Mistyped ${++made}`
  const { id: targetId } = await createTarget({
    ctx: admin,
    input: { name, connectionId, ref: { target: 'mistyped' } },
  })
  const remove = () => removeConnection({ ctx: admin, input: { connectionId } })
  await expect(remove()).rejects.toThrow(new RegExp(`reaches "${name}". Remove its targets first`))
  await removeTarget({ ctx: admin, input: { targetId } })
  // The row of its rate and circuit is in nobody's way.
  await database.db.connectionGate.create({ data: { connectionId, refilledAt: new Date() } })
  await remove()
  expect(await database.db.connection.count({ where: { id: connectionId } })).toBe(0)
  await expect(remove()).rejects.toMatchObject({ code: 'not_found' })
  const entries = await database.db.auditEntry.findMany({
    where: {
      subject: { in: [`connection/${connectionId}`, `target/${targetId}`] },
      action: { endsWith: '.removed' },
    },
  })
  expect(entries).toHaveLength(2)
})

test('a target with a pool stays, and only an admin removes anything', async () => {
  const scene = await createDispatchScene(database.db, standIn)
  const input = { targetId: scene.targetId }
  await expect(removeTarget({ ctx: admin, input })).rejects.toThrow(/holds capacity of .* and stays/)
  const { connectionId } = await database.db.target.findUniqueOrThrow({ where: { id: scene.targetId } })
  for (const work of [
    removeTarget({ ctx: scene.operator, input }),
    removeConnection({ ctx: scene.operator, input: { connectionId } }),
  ])
    await expect(work).rejects.toMatchObject({ code: 'forbidden' })
})

test('a target that would not take a write is refused, in its own words', async () => {
  const { id: connectionId } = await connect()
  standIn.add('readonly', 4)
  standIn.faults.push({
    on: 'dry-run',
    effect: false,
    answer: { status: 403, body: { message: 'read only' } },
  })
  const input = { name: 'readonly', connectionId, ref: { target: 'readonly' } }
  await expect(createTarget({ ctx: admin, input })).rejects.toThrow(/can be read.*read only/)
})

test('observing keeps what is seen in the pool, and what cannot be seen at the connection', async () => {
  const scene = await createDispatchScene(database.db, standIn)
  scene.target.readyReplicas = 5
  standIn.scaleByOther(scene.name, 9)
  scene.later(1)
  await observeTargets({ ctx: scene.system })
  const found = async () => (await listTargets({ ctx: admin })).find(({ id }) => id === scene.targetId)
  expect(await found()).toMatchObject({
    connection: { lastError: null },
    pool: { desiredReplicas: 9, readyReplicas: 5, observedVersion: '8' },
  })
  standIn.faults.push({
    on: 'read',
    effect: false,
    answer: { status: 401, body: { message: 'token expired' } },
  })
  await observeTargets({ ctx: scene.system })
  expect(await found()).toMatchObject({
    connection: { lastError: expect.stringContaining('token expired') },
    pool: { desiredReplicas: 9 },
  })
})

test('a target that says what cannot be kept hides none beside it, and stands at the connection by name', async () => {
  const scene = await createDispatchScene(database.db, standIn)
  const beside = await createDispatchScene(database.db, standIn)
  const { connectionId } = await database.db.target.findUniqueOrThrow({ where: { id: scene.targetId } })
  await database.db.target.update({ where: { id: beside.targetId }, data: { connectionId } })
  beside.target.readyReplicas = 3_000_000_000
  standIn.scaleByOther(scene.name, 9)
  scene.later(1)
  await observeTargets({ ctx: scene.system })
  const found = (await listTargets({ ctx: admin })).find(({ id }) => id === scene.targetId)
  expect(found).toMatchObject({
    pool: { desiredReplicas: 9 },
    connection: { lastError: expect.stringContaining(`"${beside.name}" says 3000000000`) },
  })
})

test('a connection that is slow to answer holds up no other, and is not asked again before it has answered', async () => {
  const scene = await createDispatchScene(database.db, standIn)
  const observe = () => observeTargets({ ctx: scene.system }, 500)
  const { unseen } = await observeTargets({ ctx: scene.system })
  const slow = standIn.holdNext('read')
  expect((await observe()).unseen).toBe(unseen + 1)
  const asked = standIn.arrived.read
  expect((await observe()).unseen).toBe(unseen + 1)
  expect(standIn.arrived.read).toBe(asked)
  slow.letGo()
  await vi.waitFor(async () => expect((await observe()).unseen).toBe(unseen), { timeout: 10_000 })
})
