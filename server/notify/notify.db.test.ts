import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { append } from '../audit/index.ts'
import { manualClock } from '../kernel/clock.ts'
import type { Actor, Context } from '../kernel/context.ts'
import { ForbiddenError } from '../kernel/errors.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
  testStart,
} from '../runtime/testing/index.ts'
import type { Topic } from './contract.ts'
import { gather } from './gather.ts'
import {
  createChannel,
  listChannels,
  listDeliveries,
  redrive,
  removeChannel,
  tell,
  testChannel,
  updateChannel,
} from './index.ts'
import { mostAttempts } from './retry.ts'
import { type Listener, startListener } from './testing/listener.ts'

let database: TestDatabase
let listener: Listener
let admin: Context
let system: Context
let auditor: Actor
const clock = manualClock(testStart)

beforeAll(async () => {
  vi.stubEnv('INFRASAGE_PRIVATE_HOSTS', '127.0.0.1')
  database = await createTestDatabase()
  listener = await startListener()
  admin = testContext({ db: database.db, clock, actor: await createTestPerson(database.db, 'admin') })
  auditor = await createTestPerson(database.db, 'auditor')
  system = testContext({ db: database.db, clock })
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await listener.close()
  await database.dispose()
})

const turn = () =>
  tell({ ctx: system, input: { baseUrl: 'https://infrasage.example', privateHosts: ['127.0.0.1'] } })

/** A channel of this test alone; whatever other tests left is removed first. */
async function channel(topics: Topic[]): Promise<string> {
  for (const { id } of await listChannels({ ctx: admin }))
    await removeChannel({ ctx: admin, input: { channelId: id } })
  const input = { name: 'on call', kind: 'webhook', topics, config: { url: listener.url } } as const
  const { id, secret } = await createChannel({ ctx: admin, input: { ...input, topics } })
  expect(secret).toMatch(/^whsec_/)
  listener.heard.length = 0
  listener.answers.length = 0
  return id
}

/** An entry as housekeeping writes it when a budget reaches a mark. */
const alert = (mark: number) =>
  system.db.$transaction((tx) =>
    append(tx, system, {
      stage: 'governance',
      action: 'budget.alert',
      subject: 'rule/month',
      body: { rule: 'month', of: 'team ml', mark, limitUsd: 1000, spentUsd: mark * 10, monthEndUsd: 1200 },
    }),
  )
/** An entry of another topic. */
const newcomer = () =>
  system.db.$transaction((tx) =>
    append(tx, system, {
      stage: 'auth',
      action: 'user.created',
      subject: 'user/x',
      body: { email: 'x@example.com' },
    }),
  )

const titles = () => listener.heard.map(({ body }) => JSON.parse(body).data.title)

describe('telling', () => {
  test('what came to the log after the channel is told once, to those who asked for it', async () => {
    await alert(50)
    await channel(['budget'])
    await alert(75)
    await newcomer()
    expect(await turn()).toEqual({ made: 1, delivered: 1 })
    expect(await turn()).toEqual({ made: 0, delivered: 0 })
    expect(titles()).toEqual(['team ml: 75% of the budget "month" is used'])
  })

  test('an entry of an unknown shape is told by its number, and keeps nothing else from being told', async () => {
    await channel(['budget'])
    const odd = {
      stage: 'governance',
      action: 'budget.alert',
      subject: 'rule/month',
      body: { mark: 'all' },
    } as const
    const seq = await system.db.$transaction((tx) => append(tx, system, odd))
    await alert(75)
    await turn()
    expect(titles().sort()).toEqual([
      `budget.alert: see entry ${seq} of the log`,
      'team ml: 75% of the budget "month" is used',
    ])
  })

  test('two workers at once tell it once', async () => {
    await channel(['budget'])
    await alert(90)
    await Promise.all([turn(), turn(), turn()])
    await turn()
    expect(titles()).toHaveLength(1)
  })

  test('what is turned down is tried again later, with the same id and a new time', async () => {
    await channel(['budget'])
    await alert(75)
    listener.answers.push({ status: 503 })
    expect((await turn()).delivered).toBe(0)
    expect((await turn()).delivered).toBe(0)
    expect(await listChannels({ ctx: admin })).toMatchObject([
      { waiting: 1, lastError: 'it answered 503: ok' },
    ])
    clock.advance(6_000)
    expect((await turn()).delivered).toBe(1)
    const [first, second] = listener.heard.map(({ headers }) => headers)
    expect(second?.['webhook-id']).toBe(first?.['webhook-id'])
    expect(second?.['webhook-timestamp']).not.toBe(first?.['webhook-timestamp'])
  })

  test('waits as long as the other side asks', async () => {
    await channel(['budget'])
    await alert(75)
    listener.answers.push({ status: 429, headers: { 'retry-after': '600' } })
    await turn()
    clock.advance(599_000)
    expect((await turn()).delivered).toBe(0)
    clock.advance(2_000)
    expect((await turn()).delivered).toBe(1)
  })

  test('a sender that dies leaves the notice to be sent by the next one', async () => {
    await channel(['budget'])
    await alert(75)
    const killed = () => Promise.reject(new Error('killed'))
    const notifyDelivery = { ...system.db.notifyDelivery, findUniqueOrThrow: killed }
    const dying = { ...system, db: Object.create(system.db, { notifyDelivery: { value: notifyDelivery } }) }
    await expect(tell({ ctx: dying, input: { baseUrl: '', privateHosts: [] } })).rejects.toThrow('killed')
    expect(titles()).toHaveLength(0)
    clock.advance(121_000)
    expect((await turn()).delivered).toBe(1)
  })

  test('is given up after many attempts, and sent when a person says so', async () => {
    await channel(['budget'])
    await alert(100)
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      listener.answers.push({ status: 500 })
      await turn()
      clock.advance(4 * 3_600_000)
    }
    await turn()
    expect(listener.heard).toHaveLength(mostAttempts)
    const { rows } = await listDeliveries({ ctx: admin, input: { state: 'dead' } })
    expect(rows).toMatchObject([
      { title: 'team ml: 100% of the budget "month" is used', attempts: mostAttempts },
    ])
    const deliveryId = rows[0]?.id ?? ''
    await redrive({ ctx: admin, input: { deliveryId } })
    expect((await turn()).delivered).toBe(1)
    await expect(redrive({ ctx: admin, input: { deliveryId } })).rejects.toThrow('not given up')
  })

  test('one that cannot be read is tried again and given up like any other, and the next one is sent', async () => {
    const channelId = await channel(['budget'])
    await alert(75)
    await gather(system)
    await database.db.notifyDelivery.updateMany({ where: { channelId }, data: { notice: { id: 'x' } } })
    await alert(90)
    expect(await turn()).toEqual({ made: 1, delivered: 1 })
    for (let attempt = 1; attempt < mostAttempts; attempt++) {
      clock.advance(4 * 3_600_000)
      await turn()
    }
    expect(await database.db.notifyDelivery.findMany({ where: { channelId, state: 'dead' } })).toMatchObject([
      { attempts: mostAttempts, lastError: 'it could not be sent; the log of the worker says why' },
    ])
  })

  test('a channel with many waiting leaves room for the others', async () => {
    const away = await channel(['budget'])
    for (let mark = 1; mark <= 12; mark++) await alert(mark)
    await gather(system)
    clock.advance(1_000)
    const config = { url: `${listener.url}/here` }
    const input = { name: 'here', kind: 'webhook', topics: ['access'], config } as const
    const { id: here } = await createChannel({ ctx: admin, input: { ...input, topics: [...input.topics] } })
    await newcomer()
    await turn()
    const sent = (channelId: string) =>
      database.db.notifyDelivery.count({ where: { channelId, state: 'delivered' } })
    expect([await sent(here), await sent(away)]).toEqual([1, 9])
  })

  test('a paused channel tells nothing, and afterwards not what it missed', async () => {
    const channelId = await channel(['budget'])
    await updateChannel({ ctx: admin, input: { channelId, active: false } })
    await alert(50)
    await turn()
    await updateChannel({ ctx: admin, input: { channelId, active: true } })
    await alert(75)
    await turn()
    expect(titles()).toEqual(['team ml: 75% of the budget "month" is used'])
  })
})

describe('channels', () => {
  test('a test message says what came of it, and is in the log', async () => {
    const channelId = await channel(['safety'])
    const reach = { baseUrl: 'https://infrasage.example', privateHosts: ['127.0.0.1'] }
    const go = () => testChannel({ ctx: admin, input: { channelId } }, reach)
    expect(await go()).toMatchObject({ ok: true })
    listener.answers.push({ status: 404, body: 'no such hook' })
    expect(await go()).toEqual({ ok: false, message: 'Not taken: it answered 404: no such hook.' })
    expect(
      await database.db.auditEntry.count({
        where: { subject: `channel/${channelId}`, action: 'channel.tested' },
      }),
    ).toBe(2)
  })

  test('a new address keeps the signing secret; no answer and no entry of the log shows it', async () => {
    const channelId = await channel(['safety'])
    const config = { url: `${listener.url}/other?token=very-secret` }
    await updateChannel({ ctx: admin, input: { channelId, config } })
    const shown = JSON.stringify([
      await listChannels({ ctx: admin }),
      await database.db.auditEntry.findMany({
        where: { subject: `channel/${channelId}` },
        select: { canonical: true },
      }),
    ])
    expect(shown).not.toMatch(/whsec_|very-secret/)
  })

  test('only an admin changes them; a private address is named as such', async () => {
    const input = {
      name: 'x',
      kind: 'slack',
      topics: ['safety'],
      config: { url: 'http://10.1.2.3/' },
    } as const
    const ctx = testContext({ db: database.db, actor: auditor })
    const asked = { ...input, topics: ['safety'] satisfies Topic[] }
    await expect(createChannel({ ctx, input: asked })).rejects.toThrow(ForbiddenError)
    await expect(createChannel({ ctx: admin, input: asked })).rejects.toThrow(
      /10\.1\.2\.3 is a private address/,
    )
  })
})
