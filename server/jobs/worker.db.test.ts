import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SandboxStandIn, startSandboxStandIn } from '../dispatch/testing/sandbox-stand-in.ts'
import type { QueueHost } from '../kernel/queue.ts'
import { createTestDatabase, type TestDatabase, waitFor } from '../runtime/testing/index.ts'
import { askFor, atOnce, makeOrders, queueOn, workersOn } from './testing/share-work.ts'

const orderCount = 24

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

test('workers share what there is to do, each of it is done once, and one that is asked to end gives up nothing', async () => {
  const { db } = database
  const starting = [processes.start(), processes.start()]
  const orders = await makeOrders(db, standIn, orderCount)
  const [leaver, stayer] = await Promise.all(starting)
  if (!leaver || !stayer) throw new Error('two were started')
  standIn.delayMs = () => 15
  await askFor(db, queue, orders)
  const effects = () => orders.filter(({ target }) => target.effects > 0).length
  await waitFor('a third of the decisions', () => effects() >= orderCount / 3)

  leaver.child.kill('SIGTERM')
  expect(await leaver.ended).toBe(0)
  expect(effects()).toBeLessThan(orderCount)
  // What it had begun it finished: nobody has to find out.
  expect(leaver.failed).toEqual([])

  const applied = () => db.dispatch.count({ where: { state: { in: ['applied', 'verified'] } } })
  await waitFor('all decisions', async () => (await applied()) === orderCount)
  const forecasts = () =>
    db.forecast.findMany({ where: { modelVersion: { not: 'test' } }, distinct: ['workloadId'] })
  await waitFor('all turns', async () => (await forecasts()).length === orderCount)

  expect(orders.map(({ target }) => [target.effects, target.desiredReplicas])).toEqual(
    orders.map(() => [1, 10]),
  )
  const entries = await db.auditEntry.groupBy({
    by: ['subject', 'action'],
    _count: true,
    where: {
      action: { in: ['dispatch.taken', 'dispatch.started', 'dispatch.applied', 'dispatch.taken-over'] },
    },
  })
  expect(
    entries
      .map(({ action, _count }) => [action, _count])
      .filter(([action, count]) => count !== 1 || action === 'dispatch.taken-over'),
  ).toEqual([])
  expect(entries).toHaveLength(3 * orderCount)
  for (const { done } of [leaver, stayer]) expect(new Set(done.map(({ job }) => job))).toContain('dispatch')
  expect(await atOnce(db)).toEqual([])
  expect(await db.$queryRaw`SELECT name FROM pgboss.job WHERE retry_count > 0 OR state = 'failed'`).toEqual(
    [],
  )
})
