import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SandboxStandIn, startSandboxStandIn } from '../dispatch/testing/sandbox-stand-in.ts'
import { askOptions, type QueueHost } from '../kernel/queue.ts'
import { createTestDatabase, type TestDatabase, waitFor } from '../runtime/testing/index.ts'
import { askFor, makeOrders, queueOn, workersOn } from './testing/share-work.ts'

const orderCount = 12

let database: TestDatabase
let standIn: SandboxStandIn
let queue: QueueHost
let processes: ReturnType<typeof workersOn>

beforeAll(async () => {
  database = await createTestDatabase()
  standIn = await startSandboxStandIn()
  queue = await queueOn(database.appUrl)
  processes = workersOn(database.appUrl)
})
afterAll(async () => {
  await processes.close()
  await queue.close()
  await standIn.close()
  await database.dispose()
})

test('what is done every so often is done so often, however many workers ask for it', async () => {
  const { db } = database
  const ask = () =>
    db.$transaction((tx) => queue.send(tx, 'refit', {}, { key: 'refit', everySeconds: 86_400 }))
  await Promise.all([ask(), ask(), ask()])
  const jobs = await queue.boss.fetch('refit', { batchSize: 5 })
  await ask()
  await queue.boss.complete('refit', jobs[0]?.id ?? '')
  await ask()
  expect(jobs).toHaveLength(1)
  expect(await queue.boss.fetch('refit')).toEqual([])
})

test('a turn that waits for the one before it does not hold up the other workloads', async () => {
  const { db } = database
  const ask = (workloadId: string) =>
    db.$transaction((tx) => queue.send(tx, 'advance', { workloadId }, { key: workloadId }))
  const { groupConcurrency } = askOptions('advance')
  const next = () => queue.boss.fetch<{ workloadId: string }>('advance', { groupConcurrency })
  await ask('long')
  const [long] = await next()
  await ask('long')
  await ask('other')
  const [other] = await next()
  expect([long?.data, other?.data]).toEqual([{ workloadId: 'long' }, { workloadId: 'other' }])
  expect(await next()).toEqual([])
  await queue.boss.complete('advance', [long?.id ?? '', other?.id ?? ''])
  const [again] = await next()
  expect(again?.data).toEqual({ workloadId: 'long' })
  await queue.boss.complete('advance', again?.id ?? '')
})

// Processes must start: where others use the same cores, that takes a minute.
test('workers share what there is to do, all of it is done once, and one that is asked to end leaves nothing half done', {
  timeout: 300_000,
}, async () => {
  const { db } = database
  const starting = [processes.start(), processes.start()]
  const orders = await makeOrders(db, standIn, orderCount)
  const [leaver, stayer] = await Promise.all(starting)
  if (!leaver || !stayer) throw new Error('two were started')
  standIn.delayMs = () => 15
  await askFor(db, queue, orders)
  const effects = () => orders.filter(({ target }) => target.effects > 0).length
  await waitFor('a third of the decisions', () => effects() >= orderCount / 3, 120_000)
  leaver.child.kill('SIGTERM')
  expect(await leaver.ended).toBe(0)

  const applied = () => db.dispatch.count({ where: { state: { in: ['applied', 'verified'] } } })
  await waitFor('all decisions', async () => (await applied()) === orderCount, 120_000)
  const modelVersion = { not: 'test' }
  const learned = async () =>
    (await db.forecast.groupBy({ by: ['workloadId'], where: { modelVersion } })).length
  await waitFor('all turns', async () => (await learned()) === orderCount, 120_000)

  for (const { target } of orders) expect(target).toMatchObject({ effects: 1, desiredReplicas: 10 })
  const steps = ['dispatch.taken', 'dispatch.started', 'dispatch.applied']
  const entries = await db.auditEntry.groupBy({
    by: ['subject', 'action'],
    where: { action: { in: [...steps, 'dispatch.taken-over'] } },
    _count: true,
  })
  expect(entries).toHaveLength(steps.length * orderCount)
  expect(entries.filter(({ action, _count }) => _count > 1 || !steps.includes(action))).toEqual([])
  expect(await db.forecast.count({ where: { modelVersion } })).toBe(orderCount)
  for (const { done } of [leaver, stayer]) expect(done.map(({ job }) => job)).toContain('dispatch')
  expect(await db.$queryRaw`SELECT name FROM pgboss.job WHERE retry_count > 0 OR state = 'failed'`).toEqual(
    [],
  )
})
